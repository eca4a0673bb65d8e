import type { AnyContentBlock, Block } from '../../events/block.js';
import type { StreamEvent } from '../../events/event.js';
import type { Message } from '../../events/message.js';
import { failureOf } from '../order/failureOf.js';
import { Phase } from '../order/phase.js';
import { Draft } from './draft.js';
import { checked, withEnding } from './head.js';
import type { OpenInput } from './openInput.js';

const NONE: readonly never[] = [];

/**
 * An answer as far as it has come: the one place that knows how events add up. It belongs to one subscription and
 * changes; what it hands out never does.
 */
export class Reply<Input extends OpenInput = OpenInput> {
  /** The message without its content. */
  head: Message | undefined;
  /** By index, in the order in which they began. */
  protected drafts = new Map<number, Draft<Input>>();
  readonly #openInput: (start: AnyContentBlock) => Input;
  readonly #phase = new Phase();
  /** The open block that the last event let grow. With thousands of streams, all else that an event looks at is in no cache. */
  #growing: Draft<Input> | undefined;
  /** The drafts of the blocks that the last event began, let grow or finished. */
  touched: readonly Draft<Input>[] = NONE;
  /** Whether the last event was the one that ended the message well. */
  endedNow = false;

  /** @param openInput - makes what reads an input: `wholeInput`, or `growingInput` where it is shown while it comes in */
  constructor(openInput: (start: AnyContentBlock) => Input) {
    this.#openInput = openInput;
  }

  /**
   * Adds an event. One that repeats the start of the message, or follows its end, changes nothing.
   *
   * @returns this reply
   * @throws StreamError as {@link failureOf}
   */
  add(event: StreamEvent): this {
    this.endedNow = false;
    const growing = this.#growing;
    // Nearly every event goes this way. One that no codec has checked may have no index.
    if (growing && event.type === 'content_block_delta' && event.index === growing.index && !event.lane) {
      this.touch(this.touched);
      growing.apply(event.delta);
      return this;
    }
    this.touched = NONE;
    this.#growing = undefined;
    const disorder = this.#phase.next(event);
    const failure = failureOf(event, disorder);
    if (failure !== undefined) throw failure;
    if (disorder === undefined || disorder === 'no-message') this.#take(event);
    return this;
  }

  /** Whether a message has ended well and no other has begun since. */
  get hasEnded(): boolean {
    return this.#phase.isWhole;
  }

  /** Whether something has begun that has not ended. */
  get isUnfinished(): boolean {
    return this.#phase.isUnfinished;
  }

  /** All blocks so far, by index. */
  get blocks(): readonly Block[] {
    return this.#sorted.map(({ block }) => block);
  }

  /** The message so far, `undefined` before it begins. */
  get message(): Message | undefined {
    return this.head && { ...this.head, content: this.#sorted.map(({ content }) => content) };
  }

  /** What had arrived: the message, or its blocks where they came without one; `undefined` where nothing had. */
  get partial(): Message | readonly Block[] | undefined {
    return (this.head && this.message) ?? (this.drafts.size > 0 ? this.blocks : undefined);
  }

  /**
   * Gives up what is still open: `touched` then has those blocks, aborted, with what they had.
   *
   * @param cause - why; its message is the blocks' reason
   * @returns this reply
   */
  abandon(cause: unknown): this {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const open = [...this.drafts.values()].filter(({ isOpen }) => isOpen);
    for (const draft of open) draft.abort(reason);
    this.touch(open);
    this.#growing = undefined;
    this.endedNow = false;
    return this;
  }

  /** Notes which blocks the event changed. */
  protected touch(drafts: readonly Draft<Input>[]): void {
    this.touched = drafts;
  }

  /** Forgets the message. */
  protected clear(): void {
    this.head = undefined;
    this.drafts = new Map();
  }

  protected draftOf(
    index: number,
    start: AnyContentBlock,
    openInput: (start: AnyContentBlock) => Input,
  ): Draft<Input> {
    return new Draft(index, start, openInput);
  }

  get #sorted(): readonly Draft<Input>[] {
    return [...this.drafts.values()].sort((a, b) => a.index - b.index);
  }

  #take(event: StreamEvent): void {
    switch (event.type) {
      case 'content_block_start':
        this.touch([this.#start(event.index, event.content_block)]);
        break;
      case 'content_block_delta':
      case 'content_block_stop':
      case 'block_abort': {
        // The phase has found it to be open.
        const draft = this.drafts.get(event.index) as Draft<Input>;
        this.touch([draft]);
        if (event.type === 'content_block_delta') (this.#growing = draft).apply(event.delta);
        else if (event.type === 'block_abort') draft.abort(event.reason);
        else draft.close();
        break;
      }
      case 'message_start':
        this.clear();
        this.head = checked(event.message);
        event.message.content.forEach((block, index) => this.#start(index, block).close());
        this.touch([...this.drafts.values()]);
        break;
      case 'message_delta':
        this.head &&= withEnding(this.head, event);
        break;
      case 'message_stop':
        this.abandon('The message ended inside this block');
        this.endedNow = this.#phase.isWhole;
        break;
      case 'reset':
        this.clear();
        break;
      default:
        // The others say nothing of the message.
        break;
    }
  }

  #start(index: number, block: AnyContentBlock): Draft<Input> {
    const draft = this.draftOf(index, block, this.#openInput);
    this.drafts.set(index, draft);
    // The final fallback block names the model that served the answer.
    if (block.type === 'fallback' && this.head)
      this.head = { ...this.head, model: block.to?.model ?? this.head.model };
    return draft;
  }
}
