import type { AnyContentBlock } from '../../events/block.js';
import { StreamError } from '../../errors/streamError.js';
import type { EventOf, StreamEvent } from '../../events/event.js';
import { isCut } from './cutOff.js';
import { isFitting } from './deltaFit.js';
import { contradiction } from './failureOf.js';
import { Phase, type Disorder } from './phase.js';

/**
 * What is wrong with an event where it stands: a {@link Disorder}, where `no-message` is any part of a message that came
 * before it, or
 *
 * | violation | means |
 * | --- | --- |
 * | `block-repeated` | a block that has not grown yet began again, exactly as before |
 * | `wrong-delta` | the block does not take deltas of this type |
 * | `blocks-open` | the message is said to end while a block is open |
 */
export type ProtocolViolation =
  Exclude<Disorder, 'other-lane'> | 'block-repeated' | 'wrong-delta' | 'blocks-open';

/** A block as it began. */
interface Begun {
  readonly start: AnyContentBlock;
  hasGrown: boolean;
}

/**
 * Knows what a stream in order looks like: a message begins; each block begins at an index of its own, grows by deltas of
 * its kind and ends; the message says why it ends; it ends. It belongs to one subscription.
 *
 * It asks for more than {@link Phase}, which accepts whatever can still be understood: every block belongs to a message,
 * every delta fits its block, and no block is left open. A `message_delta` without a stop reason, which only reports
 * usage, may come at any time inside a message.
 *
 * @see https://docs.claude.com/en/api/messages-streaming
 */
export class ProtocolChecker {
  readonly #phase = new Phase();
  readonly #begun = new Map<number, Begun>();
  #isCutOff = false;

  /** The indexes of the blocks that are open, in the order in which they began. */
  get open(): readonly number[] {
    return this.#phase.open;
  }

  /**
   * Checks an event and takes it.
   *
   * @throws StreamError `protocol` for an event out of order
   */
  check(event: StreamEvent): void {
    const violation = this.violationOf(event);
    if (violation !== undefined) throw this.errorOf(violation, event);
    this.take(event);
  }

  /** Takes an event that is in order. */
  take(event: StreamEvent): void {
    if (event.lane) return;
    this.#phase.take(event);
    switch (event.type) {
      case 'content_block_delta': {
        const block = this.#begun.get(event.index);
        if (block !== undefined) block.hasGrown = true;
        break;
      }
      case 'content_block_start':
        this.#begun.set(event.index, { start: event.content_block, hasGrown: false });
        break;
      case 'content_block_stop':
      case 'block_abort':
        this.#begun.delete(event.index);
        break;
      case 'message_delta':
        this.#isCutOff = isCutOff(event) ?? this.#isCutOff;
        break;
      case 'message_start':
      case 'message_stop':
      case 'error':
      case 'reset':
        this.#begun.clear();
        this.#isCutOff = false;
        break;
      default:
        break;
    }
  }

  /** What would be wrong with an event that came now; `undefined` if it would be in order. */
  violationOf(event: StreamEvent): ProtocolViolation | undefined {
    if (event.lane) return undefined;
    const disorder = this.#phase.disorderOf(event);
    switch (event.type) {
      case 'content_block_start': {
        if (disorder === undefined) return this.#phase.isInside ? undefined : 'no-message';
        const block = this.#begun.get(event.index);
        return block && isRepeated(block, event.content_block) ? 'block-repeated' : disorder;
      }
      case 'content_block_delta': {
        const block = this.#begun.get(event.index);
        return block && !isFitting(block.start, event.delta) ? 'wrong-delta' : disorder;
      }
      case 'message_delta':
      case 'message_stop': {
        if (disorder !== undefined) return disorder;
        if (!this.#phase.isInside) return 'no-message';
        const isCut = event.type === 'message_delta' ? isCutOff(event) : this.#isCutOff;
        return isCut === false && this.open.length > 0 ? 'blocks-open' : undefined;
      }
      default:
        return disorder;
    }
  }

  /** @returns the error for a violation, a StreamError `protocol`, retryable if two answers were mixed into one */
  errorOf(violation: ProtocolViolation, event: StreamEvent): StreamError {
    const index = 'index' in event ? event.index : -1;
    const delta = 'delta' in event && 'type' in event.delta ? event.delta.type : '';
    switch (violation) {
      case 'no-message':
        return outOfOrder(`A ${event.type} came before its message began`);
      case 'message-repeated':
        return outOfOrder('The message began twice');
      case 'after-terminal':
        return outOfOrder(`A ${event.type} came after its message had ended`);
      case 'blocks-open':
        return outOfOrder(`A ${event.type} came while block ${String(this.open[0])} was open`);
      case 'wrong-delta':
        return outOfOrder(
          `Block ${index} is ${String(this.#begun.get(index)?.start.type)} and takes no ${delta}`,
        );
      case 'block-repeated':
        return this.errorOf('index-taken', event);
      default:
        return contradiction(event, violation) ?? outOfOrder(`A ${event.type} came out of order`);
    }
  }
}

function outOfOrder(message: string): StreamError {
  return new StreamError('protocol', message);
}

/** Whether the stop reason says that the model was cut off, inside a block, which stays open; `undefined` without one. */
function isCutOff({ delta: { stop_reason } }: EventOf<'message_delta'>): boolean | undefined {
  return typeof stop_reason === 'string' ? isCut(stop_reason) : undefined;
}

/** Whether a start was sent twice. After the block has grown, it may be another block or the whole answer again. */
function isRepeated({ start, hasGrown }: Begun, again: AnyContentBlock): boolean {
  return !hasGrown && (start === again || JSON.stringify(start) === JSON.stringify(again));
}
