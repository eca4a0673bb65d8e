import type { AnyContentBlock, Block } from '../../events/block.js';
import type { AnyContentBlockDelta } from '../../events/delta.js';
import type { MessageDeltaEvent, StreamEvent } from '../../events/event.js';
import type { Message } from '../../events/message.js';
import { blockBeforeMessage, failureOf } from '../order/failureOf.js';
import { Phase } from '../order/phase.js';
import { Content } from './content.js';
import { Draft } from './draft.js';
import { withEnding } from './head.js';
import type { OpenInput } from './openInput.js';

const NO_BLOCKS: readonly Block[] = [];
const NONE: readonly never[] = [];

/**
 * An answer as far as it has come: the one place that knows how events add up. It belongs to one subscription and
 * changes; the snapshots it hands out never do, and stay the same object until something in them changes.
 */
export class Reply<Input extends OpenInput = OpenInput> {
  readonly #openInput: () => Input;
  readonly #phase = new Phase();
  /** The message without its content. */
  #head: Message | undefined;
  #content = new Content<Input>();
  /** The block that grew last: nearly always the one that grows next. */
  #current: Draft<Input> | undefined;
  /** The block that took text of its input at which nobody has looked. */
  #unseen: Draft<Input> | undefined;
  #unfinished = new Set<Draft<Input>>();
  #endedNow = false;
  #message: Message | undefined;
  #blocks: readonly Block[] | undefined = NO_BLOCKS;
  #touched: readonly Draft<Input>[] = NONE;

  /** @param openInput - makes what reads an input: `wholeInput`, or `growingInput` where it is shown while it comes in */
  constructor(openInput: () => Input) {
    this.#openInput = openInput;
  }

  /**
   * Adds an event. One that repeats the start of the message, or follows its end, changes nothing.
   *
   * @returns this reply
   * @throws StreamError as {@link failureOf}
   */
  add(event: StreamEvent): this {
    this.#touched = NONE;
    this.#endedNow = false;
    const disorder = this.#phase.next(event);
    const failure = failureOf(event, disorder);
    if (failure !== undefined) throw failure;
    if (disorder !== undefined && disorder !== 'no-message') return this;
    switch (event.type) {
      case 'content_block_delta':
        this.#grow(this.#draftAt(event.index), event.delta);
        break;
      case 'content_block_start':
        this.#start(event.index, event.content_block);
        break;
      case 'content_block_stop':
        this.#close(this.#draftAt(event.index));
        break;
      case 'block_abort':
        this.#abort([this.#draftAt(event.index)], event.reason);
        break;
      case 'message_start':
        this.#begin(event.message);
        break;
      case 'message_delta':
        this.#conclude(event);
        break;
      case 'message_stop':
        this.#abort([...this.#unfinished], 'The message ended inside this block');
        this.#endedNow = this.#phase.isWhole;
        break;
      case 'reset':
        this.#clear();
        break;
      case 'error':
      case 'ping':
      case 'unknown':
      case 'tool_result':
        break;
    }
    return this;
  }

  /** The drafts of the blocks that the last event began, let grow or finished. */
  get touched(): readonly Draft<Input>[] {
    return this.#touched;
  }

  /** The blocks that the last event finished, in the order of their start. */
  get closed(): readonly Block[] {
    return this.#touched.filter((draft) => !draft.isOpen).map((draft) => draft.block);
  }

  /** Whether the last event was the one that ended the message well. */
  get endedNow(): boolean {
    return this.#endedNow;
  }

  /** Whether a message has ended well and no other has begun since. */
  get hasEnded(): boolean {
    return this.#phase.isWhole;
  }

  /** Whether something has begun that has not ended. */
  get isUnfinished(): boolean {
    return this.#phase.isUnfinished;
  }

  /** Why the message ended, as far as it was told. */
  get stopReason(): Message['stop_reason'] {
    return this.#head?.stop_reason ?? null;
  }

  /** Whether a block changed since `blocks` was last read. */
  get blocksChanged(): boolean {
    this.#look();
    return this.#blocks === undefined;
  }

  /** Whether the message changed since `message` was last read. */
  get messageChanged(): boolean {
    this.#look();
    return this.#message === undefined && (this.#head !== undefined || this.#content.length > 0);
  }

  /** All blocks so far, by index. */
  get blocks(): readonly Block[] {
    this.#look();
    return (this.#blocks ??= this.#content.blocks());
  }

  /**
   * The message so far, `undefined` before it begins.
   *
   * @throws StreamError `protocol` where blocks came without a message
   */
  get message(): Message | undefined {
    this.#look();
    if (this.#head !== undefined)
      return (this.#message ??= { ...this.#head, content: this.#content.contents() });
    if (this.#content.length > 0) throw blockBeforeMessage();
    return undefined;
  }

  /** The text of all text blocks so far. */
  get text(): string {
    return this.#content.drafts.reduce(
      (text, { content }) => (content.type === 'text' ? text + content.text : text),
      '',
    );
  }

  /** What had arrived: the message, or its blocks where they came without one; `undefined` where nothing had. */
  get partial(): Message | readonly Block[] | undefined {
    if (this.#head !== undefined) return this.message;
    return this.#content.length > 0 ? this.blocks : undefined;
  }

  /**
   * Gives up what is still open: `closed` then has those blocks, aborted, with what they had.
   *
   * @param cause - why; its message is the blocks' reason
   * @returns this reply
   */
  abandon(cause: unknown): this {
    this.#touched = NONE;
    this.#endedNow = false;
    this.#abort([...this.#unfinished], cause instanceof Error ? cause.message : String(cause));
    return this;
  }

  #begin(message: Message): void {
    this.#clear();
    this.#head = message;
    message.content.forEach((block, index) => this.#close(this.#start(index, block)));
    this.#touched = this.#content.drafts;
  }

  #start(index: number, block: AnyContentBlock): Draft<Input> {
    const draft = new Draft(index, block, this.#openInput);
    this.#content.add(draft);
    this.#unfinished.add(draft);
    // The final fallback block names the model that served the answer.
    if (block.type === 'fallback' && this.#head) this.#head = { ...this.#head, model: block.to.model };
    this.#touched = [draft];
    this.#changed(draft);
    return draft;
  }

  /** The draft of a block that is open, as the phase has found it to be. */
  #draftAt(index: number): Draft<Input> {
    return this.#current?.index === index ? this.#current : (this.#content.find(index) as Draft<Input>);
  }

  #grow(draft: Draft<Input>, delta: AnyContentBlockDelta): void {
    this.#touched = draft.asList;
    this.#current = draft;
    if (draft.apply(delta)) this.#changed(draft);
    if (!draft.isUnseen || draft === this.#unseen) return;
    this.#look();
    this.#unseen = draft;
  }

  /** Finds out whether the text of an input that has come since the last look changed its block. */
  #look(): void {
    const draft = this.#unseen;
    this.#unseen = undefined;
    if (draft?.look() === true) this.#changed(draft);
  }

  #close(draft: Draft<Input>): void {
    this.#finish(draft, () => draft.close());
    this.#touched = [draft];
  }

  #abort(drafts: readonly Draft<Input>[], reason: string): void {
    for (const draft of drafts) this.#finish(draft, () => draft.abort(reason));
    this.#touched = drafts;
  }

  #finish(draft: Draft<Input>, end: () => void): void {
    const before = draft.seen;
    end();
    this.#unfinished.delete(draft);
    this.#content.touch(draft);
    this.#blocks = undefined;
    if (draft.content !== before) this.#changed(draft);
  }

  #conclude(event: MessageDeltaEvent): void {
    if (this.#head === undefined) return;
    this.#head = withEnding(this.#head, event);
    this.#message = undefined;
  }

  #clear(): void {
    if (this.#content.length > 0) this.#blocks = undefined;
    this.#head = undefined;
    this.#message = undefined;
    this.#content = new Content();
    this.#current = undefined;
    this.#unseen = undefined;
    this.#unfinished = new Set();
  }

  #changed(draft: Draft<Input>): void {
    this.#content.touch(draft);
    this.#message = undefined;
    this.#blocks = undefined;
  }
}
