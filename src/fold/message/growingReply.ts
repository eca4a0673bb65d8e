import { StreamError } from '../../errors/streamError.js';
import type { AnyContentBlock, Block } from '../../events/block.js';
import type { Message } from '../../events/message.js';
import { BLOCKS, CONTENTS, GrowingDraft, type Listed } from './growingDraft.js';
import type { ShownInput } from './openInput.js';
import { Reply } from './reply.js';

/**
 * A reply that is shown while it grows: its message and the list of its blocks stay the same objects until something
 * in them changes, and it knows whether something has.
 */
export class GrowingReply<Input extends ShownInput = ShownInput> extends Reply<Input> {
  /** The drafts by index. */
  readonly #order: GrowingDraft<Input>[] = [];
  /** Whether they know their places. */
  #isNumbered = true;
  /** What is to be put into each list. Made when the list is asked for: most pipelines show only one of them. */
  #newContents: Stale | undefined;
  #newBlocks: Stale | undefined;
  #message: Message | undefined;
  /** What `#message` was made of. */
  #shownHead: Message | undefined;
  #blocks: Block[] = [];
  /** Whether blocks were shown that are gone. */
  #hasGone = false;

  /** The list of the blocks if it changed since it was last read. */
  get changedBlocks(): readonly Block[] | undefined {
    this.#number();
    this.#newBlocks ??= new Stale(this.#order);
    const blocks = this.#newBlocks.putInto(this.#blocks, BLOCKS);
    if (blocks === this.#blocks && !this.#hasGone) return undefined;
    this.#hasGone = false;
    return (this.#blocks = blocks);
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
    this.#number();
    this.#newContents ??= new Stale(this.#order);
    const shown = this.#message?.content ?? [];
    const content = this.#newContents.putInto(shown, CONTENTS);
    if (head === this.#shownHead && content === shown) return undefined;
    this.#shownHead = head;
    return (this.#message = { ...head, content });
  }

  override get blocks(): readonly Block[] {
    return this.changedBlocks ?? this.#blocks;
  }

  /** @throws StreamError `protocol` where blocks came without a message */
  override get message(): Message | undefined {
    return this.changedMessage ?? this.#message;
  }

  protected override touch(drafts: readonly GrowingDraft<Input>[]): void {
    super.touch(drafts);
    this.#newContents?.add(drafts);
    this.#newBlocks?.add(drafts);
  }

  protected override clear(): void {
    super.clear();
    this.#order.length = 0;
    this.#isNumbered = true;
    this.#message = this.#shownHead = undefined;
    this.#newContents = this.#newBlocks = undefined;
    this.#hasGone ||= this.#blocks.length > 0;
    this.#blocks = [];
  }

  protected override draftOf(
    index: number,
    start: AnyContentBlock,
    openInput: (start: AnyContentBlock) => Input,
  ): GrowingDraft<Input> {
    const draft = new GrowingDraft(index, start, openInput);
    const order = this.#order;
    if ((order.at(-1)?.index ?? -1) < index) draft.place = order.push(draft) - 1;
    else {
      order.splice(
        order.findIndex((later) => later.index > index),
        0,
        draft,
      );
      this.#isNumbered = false;
    }
    return draft;
  }

  #number(): void {
    if (this.#isNumbered) return;
    this.#isNumbered = true;
    this.#order.forEach((draft, place) => (draft.place = place));
  }
}

/**
 * The drafts of a message that a list does not show as they are now. A change makes a new list. That copies a pointer for each
 * block, which is cheap for as many blocks as `limits.blocks` allows by default.
 */
class Stale {
  /** Nearly always there is one, for which a set would cost as much as the rest. */
  #draft: GrowingDraft | undefined;
  #others: Set<GrowingDraft> | undefined;

  /** @param drafts - those that the list has not */
  constructor(drafts: readonly GrowingDraft[]) {
    this.add(drafts);
  }

  /** Notes drafts that are new, or may not be what they were. */
  add(drafts: readonly GrowingDraft[]): void {
    for (const draft of drafts) {
      if ((this.#draft ??= draft) !== draft) (this.#others ??= new Set()).add(draft);
    }
  }

  /** @returns the list as things stand: the same one unless something in it changed */
  putInto<K extends keyof Listed>(list: Listed[K][], kind: K): Listed[K][] {
    const draft = this.#draft;
    if (draft === undefined) return list;
    this.#draft = undefined;
    if (this.#others === undefined) return draft.putInto(list, kind, false);
    // By place, because each moves those behind it.
    const drafts = [draft, ...this.#others].sort((a, b) => a.place - b.place);
    this.#others = undefined;
    return drafts.reduce((changed, each) => each.putInto(changed, kind, changed !== list), list);
  }
}
