import { StreamError } from '../../errors/streamError.js';
import type { AnyContentBlock, Block } from '../../events/block.js';
import type { Message } from '../../events/message.js';
import { listMember, type Draft } from './draft.js';
import type { OpenInput } from './openInput.js';
import { Reply } from './reply.js';

/**
 * A reply that is shown while it grows: its message and the list of its blocks stay the same objects until something
 * in them changes, and it knows whether something has.
 */
export class GrowingReply<Input extends OpenInput = OpenInput> extends Reply<Input> {
  #contents = new DraftList<AnyContentBlock>(({ content }) => content);
  #blocks = new DraftList<Block>(({ block }) => block);
  #message: Message | undefined;
  /** What `#message` was made of. */
  #shownHead: Message | undefined;
  #shownContents: Node | undefined;
  #list: readonly Block[] = [];
  /** What `#list` was made of. */
  #shownBlocks = this.#blocks.root;

  /** Whether a block changed since `blocks` was last read. */
  get blocksChanged(): boolean {
    return this.#blocks.root !== this.#shownBlocks;
  }

  /** Whether the message changed since `message` was last read. */
  get messageChanged(): boolean {
    if (this.head === undefined) return this.drafts.size > 0;
    return this.head !== this.#shownHead || this.#contents.root !== this.#shownContents;
  }

  override get blocks(): readonly Block[] {
    if (this.blocksChanged) this.#list = this.#blocks.reader()();
    this.#shownBlocks = this.#blocks.root;
    return this.#list;
  }

  /** @throws StreamError `protocol` where blocks came without a message */
  override get message(): Message | undefined {
    const { head } = this;
    if (!this.messageChanged) return head && this.#message;
    if (head === undefined) throw new StreamError('protocol', 'A block began before its message');
    const read = this.#contents.reader();
    const { size } = this.drafts;
    this.#shownHead = head;
    this.#shownContents = this.#contents.root;
    this.#message =
      size > WIDTH
        ? Object.defineProperty({ ...head }, 'content', listMember(size, read))
        : { ...head, content: read() };
    return this.#message;
  }

  protected override touch(drafts: readonly Draft<Input>[]): void {
    super.touch(drafts);
    this.#contents.touch(drafts);
    this.#blocks.touch(drafts);
  }

  protected override clear(): void {
    this.#shownHead = undefined;
    if (this.drafts.size > 0) {
      this.#contents = new DraftList(({ content }) => content);
      this.#blocks = new DraftList(({ block }) => block);
    }
    super.clear();
  }
}

/** How many items a node has at most. */
const WIDTH = 64;

/** Items, or nodes that are a level deeper. */
type Node = readonly unknown[];

/**
 * What the drafts of a message show, by index: a tree that is never changed but written anew, from the item that
 * changed up to the root. So a change costs the same however many blocks there are, and each root remains a list.
 */
class DraftList<T> {
  readonly #read: (draft: Draft) => T;
  readonly #drafts: Draft[] = [];
  readonly #stale = new Set<Draft>();
  #root: Node = [];
  /** How many levels of nodes there are below the root. */
  #depth = 0;

  /** @param read - what a draft shows: the same object until it changes */
  constructor(read: (draft: Draft) => T) {
    this.#read = read;
  }

  /** Notes that drafts may not be what they were. */
  touch(drafts: readonly Draft[]): void {
    for (const draft of drafts) this.#stale.add(draft);
  }

  /** The list as things stand: the same one until something in it changes. */
  get root(): Node {
    if (this.#stale.size > 0) {
      for (const draft of this.#stale) this.#update(draft);
      this.#stale.clear();
    }
    return this.#root;
  }

  /** @returns what makes an array of the list as it is now, whenever that is */
  reader(): () => T[] {
    const { root } = this;
    const depth = this.#depth;
    return () => itemsOf(root, depth) as T[];
  }

  #update(draft: Draft): void {
    const at = this.#positionOf(draft.index);
    const drafts = this.#drafts;
    if (drafts[at] === draft) this.#write(at);
    else {
      drafts.splice(at, 0, draft);
      // One that is not the last moves those behind it.
      for (let moved = at; moved < drafts.length; moved++) this.#write(moved);
    }
  }

  #write(at: number): void {
    const item = this.#read(this.#drafts[at] as Draft);
    if (at === WIDTH ** (this.#depth + 1)) {
      this.#root = [this.#root];
      this.#depth++;
    }
    this.#root = written(this.#root, this.#depth, at, item);
  }

  /** Where the block of an index stands, or would; nearly always at that index. */
  #positionOf(index: number): number {
    const drafts = this.#drafts;
    if (drafts[index]?.index === index) return index;
    let from = 0;
    let to = drafts.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((drafts[middle]?.index ?? 0) < index) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}

/** The node with an item put at its place; the same node where it stands there already. */
function written(node: Node, depth: number, at: number, item: unknown): Node {
  const step = WIDTH ** depth;
  const place = Math.floor(at / step);
  const child = node[place];
  const put = depth === 0 ? item : written((child ?? []) as Node, depth - 1, at % step, item);
  if (put === child) return node;
  const copy = node.slice();
  copy[place] = put;
  return copy;
}

function itemsOf(node: Node, depth: number): unknown[] {
  if (depth === 0) return node.slice();
  return ([] as unknown[]).concat(...node.map((child) => itemsOf(child as Node, depth - 1)));
}
