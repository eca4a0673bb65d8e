/** A place in texts that are searched for: what leads to it is read once for all that begin with it. */
export interface WordNode {
  /** The text that it was made for. */
  readonly of: string;
  readonly next: Map<number, WordNode>;
  /** Whether one of the texts ends here. */
  isEnd: boolean;
}

/**
 * Makes a tree of texts, of which earlier ones are preferred: behind the end of one nothing is added, since a later text that
 * goes on from there never comes before it.
 *
 * @returns its nodes, each behind the one that leads to it; the first is the beginning
 */
export function wordTree(texts: readonly string[]): readonly WordNode[] {
  const root: WordNode = { of: '', next: new Map(), isEnd: false };
  const nodes = [root];
  for (const text of texts) {
    let node = root;
    for (let at = 0; at < text.length && !node.isEnd; at++) {
      const unit = text.charCodeAt(at);
      let next = node.next.get(unit);
      if (next === undefined) {
        next = { of: text, next: new Map(), isEnd: false };
        node.next.set(unit, next);
        nodes.push(next);
      }
      node = next;
    }
    node.isEnd = true;
  }
  return nodes;
}
