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
  /** Made when they are asked for: most pipelines show only one of them. */
  #contentList: DraftList<AnyContentBlock> | undefined;
  #blockList: DraftList<Block> | undefined;
  #message: Message | undefined;
  /** What `#message` was made of. */
  #shownHead: Message | undefined;
  #shownContents: Node | undefined;
  #list: readonly Block[] = [];
  /** What `#list` was made of. */
  #shownBlocks = NOTHING;

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
    this.#contentList?.touch(drafts);
    this.#blockList?.touch(drafts);
  }

  protected override clear(): void {
    super.clear();
    this.#shownHead = undefined;
    this.#contentList = undefined;
    this.#blockList = undefined;
  }

  get #contents(): DraftList<AnyContentBlock> {
    return (this.#contentList ??= new DraftList(({ content }) => content, this.drafts.values()));
  }

  get #blocks(): DraftList<Block> {
    return (this.#blockList ??= new DraftList(({ block }) => block, this.drafts.values()));
  }
}

/** How many items a node has at most. */
const WIDTH = 64;

/** Items, or nodes that are a level deeper. */
type Node = readonly unknown[];

const NOTHING: Node = [];

/**
 * What the drafts of a message show, by index: a tree that is never changed but written anew, from the item that
 * changed up to the root. So a change costs the same however many blocks there are, and each root remains a list.
 */
class DraftList<T> {
  readonly #read: (draft: Draft) => T;
  readonly #drafts: Draft[] = [];
  /** The drafts that may not be what they were: nearly always one, for which a set would cost as much as the rest. */
  #stale: Draft | undefined;
  readonly #others = new Set<Draft>();
  #root = NOTHING;
  /** How many levels of nodes there are below the root, and how many items they can hold. */
  #depth = 0;
  #room = WIDTH;

  /**
   * @param read - what a draft shows: the same object until it changes
   * @param drafts - the drafts so far
   */
  constructor(read: (draft: Draft) => T, drafts: Iterable<Draft>) {
    this.#read = read;
    this.touch(drafts);
  }

  /** Notes that drafts may not be what they were. */
  touch(drafts: Iterable<Draft>): void {
    for (const draft of drafts) {
      if ((this.#stale ??= draft) !== draft) this.#others.add(draft);
    }
  }

  /** The list as things stand: the same one until something in it changes. */
  get root(): Node {
    if (this.#stale === undefined) return this.#root;
    this.#update(this.#stale);
    this.#stale = undefined;
    for (const draft of this.#others) this.#update(draft);
    this.#others.clear();
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
    if (at === this.#room) {
      this.#root = [this.#root];
      this.#depth++;
      this.#room *= WIDTH;
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
  const step = depth === 0 ? 1 : WIDTH ** depth;
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
