import { streamErrorOf } from '../../errors/streamError.js';
import { isBlockIndex } from '../../events/block.js';
import type { StreamEvent } from '../../events/event.js';

/**
 * What is wrong with an event where it stands:
 *
 * | disorder | means |
 * | --- | --- |
 * | `no-message` | a `message_stop` came and no message had begun, or one begins after blocks that had none |
 * | `message-repeated` | the unfinished message began again, by its id |
 * | `message-unfinished` | another message began inside an unfinished one |
 * | `index-taken` | a block began at the index of another one of its message |
 * | `bad-index` | the index is not an integer from 0 up to the highest that is allowed |
 * | `block-unknown` | the event is for a block that never began |
 * | `block-ended` | the event is for a block that has ended |
 * | `after-terminal` | the event came after `message_stop` or `error` |
 * | `other-lane` | nothing: a sub-agent says it, in a message of its own |
 */
export type Disorder =
  | 'no-message'
  | 'message-repeated'
  | 'message-unfinished'
  | 'index-taken'
  | 'bad-index'
  | 'block-unknown'
  | 'block-ended'
  | 'after-terminal'
  | 'other-lane';

// Where in a message a stream stands; it has ended from ENDED on, and WHOLE is after the end of a message that began.
const BEFORE = 0;
const INSIDE = 1;
const ENDED = 2;
const WHOLE = 3;

/**
 * Knows where in a message a stream stands. The order of events is written down here and nowhere else. It belongs to one
 * subscription.
 *
 * - A stream stands before a message, inside one, or after its terminal: `message_stop` or `error`.
 * - A second start with the same id repeats the message, unless the id is empty: an empty id says nothing. Any other
 *   start inside an unfinished message begins another message.
 * - A message is whole only if it began: a bare `message_stop` does not end one.
 * - Blocks may come without a message, as in a stream that was joined late, but no message may begin after them.
 * - An index belongs to one block of a message, even after the block has ended. Another message or a `reset` frees it.
 * - After a terminal, only another message or a `reset` means anything.
 * - What a sub-agent says, in a lane of its own, is of another message, and changes nothing here.
 * - A `message_delta`, a `ping`, a `tool_result` and events of unknown types change nothing.
 */
export class Phase {
  #at = BEFORE;
  #id = '';
  /** Whether the block at each index is open, in the order in which they began. */
  readonly #blocks = new Map<number, boolean>();
  /** The open block that grew last: of thousands of streams, a map of each is in no cache. */
  #growing: number | undefined;

  /** Whether a message has begun and not ended. */
  get isInside(): boolean {
    return this.#at === INSIDE;
  }

  /** Whether a terminal event has come and nothing has begun since. */
  get hasEnded(): boolean {
    return this.#at >= ENDED;
  }

  /** Whether a message has begun and ended with `message_stop`, and nothing has begun since. */
  get isWhole(): boolean {
    return this.#at === WHOLE;
  }

  /** Whether a message or a block has begun that has not ended. */
  get isUnfinished(): boolean {
    return this.#at === INSIDE || this.open.length > 0;
  }

  /** The indexes of the open blocks, in the order in which they began. */
  get open(): readonly number[] {
    return [...this.#blocks.keys()].filter((index) => this.#blocks.get(index));
  }

  /**
   * Takes the next event, in order or not.
   *
   * @returns what is wrong with it, if anything
   */
  next(event: StreamEvent): Disorder | undefined {
    if (event.lane) return 'other-lane';
    // Nearly every event goes this way.
    if (event.type === 'content_block_delta' && event.index === (this.#growing ?? NaN)) return undefined;
    try {
      const disorder = this.disorderOf(event);
      this.take(event);
      if (event.type === 'content_block_delta' && disorder === undefined) this.#growing = event.index;
      return disorder;
    } catch (error) {
      // An event that is not what its type says.
      throw streamErrorOf(error);
    }
  }

  /** What would be wrong with an event that came now; `undefined` if nothing would. */
  disorderOf(event: StreamEvent): Exclude<Disorder, 'other-lane'> | undefined {
    switch (event.type) {
      case 'message_start':
        if (this.#isRepeated(event.message.id)) return 'message-repeated';
        if (this.#at === INSIDE) return 'message-unfinished';
        return this.#blocks.size > 0 ? 'no-message' : undefined;
      case 'content_block_start':
      case 'content_block_delta':
      case 'content_block_stop':
      case 'block_abort': {
        if (this.hasEnded) return 'after-terminal';
        if (!isBlockIndex(event.index)) return 'bad-index';
        const isOpen = this.#blocks.get(event.index);
        if (event.type === 'content_block_start') return isOpen === undefined ? undefined : 'index-taken';
        if (isOpen === true) return undefined;
        return isOpen === undefined ? 'block-unknown' : 'block-ended';
      }
      case 'message_delta':
      case 'message_stop':
      case 'error':
        if (this.#at === BEFORE && event.type === 'message_stop') return 'no-message';
        return this.hasEnded ? 'after-terminal' : undefined;
      default:
        return undefined;
    }
  }

  /** Takes an event, even if something is wrong with it. */
  take(event: StreamEvent): void {
    this.#growing = undefined;
    switch (event.type) {
      case 'content_block_start':
        if (!this.hasEnded) this.#blocks.set(event.index, true);
        break;
      case 'content_block_stop':
      case 'block_abort':
        if (this.#blocks.has(event.index)) this.#blocks.set(event.index, false);
        break;
      case 'message_start':
        if (this.#isRepeated(event.message.id)) break;
        this.#move(INSIDE, event.message.id);
        for (const index of event.message.content.keys()) this.#blocks.set(index, false);
        break;
      case 'message_stop':
      case 'error':
        if (!this.hasEnded) this.#move(this.isInside && event.type === 'message_stop' ? WHOLE : ENDED);
        break;
      case 'reset':
        this.#move(BEFORE);
        break;
      default:
        break;
    }
  }

  #isRepeated(id: string): boolean {
    return id === this.#id && id !== '';
  }

  #move(to: number, id = ''): void {
    this.#at = to;
    this.#id = id;
    this.#blocks.clear();
  }
}
