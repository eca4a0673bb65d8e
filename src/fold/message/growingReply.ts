import { StreamError } from '../../errors/streamError.js';
import type { AnyContentBlock, Block } from '../../events/block.js';
import type { Message } from '../../events/message.js';
import type { Draft } from './draft.js';
import { GrowingDraft } from './growingDraft.js';
import type { ShownInput } from './openInput.js';
import { Reply } from './reply.js';

/**
 * A reply that is shown while it grows: its message and the list of its blocks stay the same objects until something
 * in them changes, and it knows whether something has.
 */
export class GrowingReply<Input extends ShownInput = ShownInput> extends Reply<Input> {
  /** Made when they are asked for: most pipelines show only one of them. */
  #contentList: DraftList<AnyContentBlock> | undefined;
  #blockList: DraftList<Block> | undefined;
  #message: Message | undefined;
  /** What `#message` was made of. */
  #shownHead: Message | undefined;
  #shownBlocks: readonly Block[] = [];

  /** Whether a block changed since `blocks` was last read. */
  get blocksChanged(): boolean {
    const blocks = this.#blocks;
    return blocks !== this.#shownBlocks && blocks.length + this.#shownBlocks.length > 0;
  }

  /**
   * The message if it changed since it was last read.
   *
   * @throws StreamError `protocol` where blocks came without a message
   */
  get changedMessage(): Message | undefined {
    const { head } = this;
    if (head === undefined && this.drafts.size === 0) return undefined;
    if (head === undefined) throw new StreamError('protocol', 'A block began before its message');
    const content = this.#contents;
    if (head === this.#shownHead && content === this.#message?.content) return undefined;
    this.#shownHead = head;
    return (this.#message = { ...head, content });
  }

  override get blocks(): readonly Block[] {
    return (this.#shownBlocks = this.#blocks);
  }

  /** @throws StreamError `protocol` where blocks came without a message */
  override get message(): Message | undefined {
    return this.changedMessage ?? (this.head && this.#message);
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

  protected override draftOf(
    index: number,
    start: AnyContentBlock,
    openInput: (start: AnyContentBlock) => Input,
  ): Draft<Input> {
    return new GrowingDraft(index, start, openInput);
  }

  get #contents(): AnyContentBlock[] {
    this.#contentList ??= new DraftList(({ content }) => content, this.drafts.values());
    return this.#contentList.items;
  }

  get #blocks(): readonly Block[] {
    this.#blockList ??= new DraftList(({ block }) => block, this.drafts.values());
    return this.#blockList.items;
  }
}

/**
 * What the drafts of a message show, by index. A change makes a new array: to copy the pointers of all blocks costs less
 * than whatever avoids it, as long as there are no more blocks than `limits.blocks` allows by default.
 */
class DraftList<T> {
  readonly #read: (draft: Draft) => T;
  readonly #drafts: Draft[] = [];
  /** The drafts that may not be what they were: nearly always one, for which a set would cost as much as the rest. */
  #stale: Draft | undefined;
  #others: Set<Draft> | undefined;
  #items: T[] = [];

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
      if ((this.#stale ??= draft) !== draft) (this.#others ??= new Set()).add(draft);
    }
  }

  /** The list as things stand: the same one until something in it changes. */
  get items(): T[] {
    if (this.#stale === undefined) return this.#items;
    let items = this.#update(this.#items, this.#stale);
    for (const draft of this.#others ?? []) items = this.#update(items, draft);
    this.#stale = this.#others = undefined;
    return (this.#items = items);
  }

  /** @returns these items, or a copy, with what the draft shows now */
  #update(items: T[], draft: Draft): T[] {
    const at = this.#positionOf(draft.index);
    const item = this.#read(draft);
    const isKnown = this.#drafts[at] === draft;
    if (isKnown && items[at] === item) return items;
    if (!isKnown) this.#drafts.splice(at, 0, draft);
    // To push into a copy would make the engine copy it again.
    if (!isKnown && at === items.length) return items.concat([item]);
    const copy = items === this.#items ? items.slice() : items;
    if (isKnown) copy[at] = item;
    else copy.splice(at, 0, item);
    return copy;
  }

  /** Where the block of an index stands, or would; nearly always at that index. */
  #positionOf(index: number): number {
    const drafts = this.#drafts;
    if (drafts[index]?.index === index) return index;
    if ((drafts.at(-1)?.index ?? -1) < index) return drafts.length;
    const at = drafts.findIndex((draft) => draft.index >= index);
    return at === -1 ? drafts.length : at;
  }
}
