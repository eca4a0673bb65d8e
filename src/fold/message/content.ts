import type { AnyContentBlock } from '../../events/block.js';
import type { Draft } from './draft.js';
import { PersistentList } from './persistentList.js';

/**
 * Up to so many blocks, a message's content is copied at once; a longer one when it is read, or each event would cost as
 * much as all the blocks before it.
 */
const MOST_COPIED_BLOCKS = 64;

/** The blocks of one message, and what they hold at each moment. */
export class Content {
  /** In the order they began, which nearly always is the order of their indexes. */
  readonly #drafts: Draft[] = [];
  readonly #positions = new Map<Draft, number>();
  /** Those that changed since `#list` was made, in the order they began, the new ones last. */
  readonly #changed = new Set<Draft>();
  /** The one that was added to them last: nearly always the one that changes next. */
  #latest: Draft | undefined;
  #inOrder = true;
  #list = new PersistentList<AnyContentBlock>();

  /** By index. */
  get drafts(): readonly Draft[] {
    return ordered(this.#drafts, this.#inOrder);
  }

  get length(): number {
    return this.#drafts.length;
  }

  add(draft: Draft): void {
    this.#inOrder &&= draft.index > (this.#drafts.at(-1)?.index ?? -1);
    this.#positions.set(draft, this.#drafts.length);
    this.#drafts.push(draft);
    this.#changed.add(draft);
  }

  /** Notes that a block is not what it was. */
  touch(draft: Draft): void {
    if (draft === this.#latest) return;
    this.#latest = draft;
    this.#changed.add(draft);
  }

  /**
   * What the blocks hold now, however late it is read.
   *
   * @returns the blocks by index, or a function that tells them
   */
  now(): AnyContentBlock[] | (() => AnyContentBlock[]) {
    const count = this.#drafts.length;
    if (count <= MOST_COPIED_BLOCKS) return this.drafts.map((draft) => draft.content);
    for (const draft of this.#changed) {
      this.#list = this.#list.with(this.#positions.get(draft) ?? this.#list.length, draft.content);
    }
    this.#changed.clear();
    this.#latest = undefined;
    const list = this.#list;
    if (this.#inOrder) return () => list.toArray();
    const drafts = this.#drafts;
    return () => {
      const contents = list.toArray().map((content, at) => ({ content, index: drafts[at]?.index ?? at }));
      return ordered(contents, false).map(({ content }) => content);
    };
  }
}

function ordered<T extends { readonly index: number }>(items: readonly T[], inOrder: boolean): readonly T[] {
  return inOrder ? items : [...items].sort((a, b) => a.index - b.index);
}
