import type { AnyContentBlock } from '../../events/block.js';
import { isBlockIndex } from '../../events/blockIndex.js';
import { StreamError } from '../../errors/streamError.js';
import type { EventOf, StreamEvent } from '../../events/event.js';
import type { AnyMessage } from '../../events/message.js';
import { isFitting } from './deltaFit.js';

/**
 * What is wrong with an event where it stands:
 *
 * | violation | means |
 * | --- | --- |
 * | `no-message` | a part of a message came before the message began |
 * | `message-repeated` | the unfinished message began again, by its id |
 * | `message-unfinished` | another message began inside an unfinished one |
 * | `block-repeated` | a block that has not grown yet began again, exactly as before |
 * | `index-taken` | a block began at the index of another, or again after it had grown |
 * | `bad-index` | the index is none: not an integer from 0, or far too high |
 * | `block-unknown` | the event is for a block that never began |
 * | `block-ended` | the event is for a block that has ended |
 * | `wrong-delta` | the block does not grow by deltas of this type |
 * | `blocks-open` | the message is said to end while a block is open |
 * | `after-terminal` | the event came after `message_stop` or `error` |
 */
export type ProtocolViolation =
  | 'no-message'
  | 'message-repeated'
  | 'message-unfinished'
  | 'block-repeated'
  | 'index-taken'
  | 'bad-index'
  | 'block-unknown'
  | 'block-ended'
  | 'wrong-delta'
  | 'blocks-open'
  | 'after-terminal';

/** A block that has not ended. */
interface OpenBlock {
  readonly start: AnyContentBlock;
  hasGrown: boolean;
}

type BlockEvent = EventOf<
  'content_block_start' | 'content_block_delta' | 'content_block_stop' | 'block_abort'
>;

/** The reasons for which a model stops inside a block, that the API then leaves open. */
const CUT_OFF: ReadonlySet<AnyMessage['stop_reason']> = new Set([
  'max_tokens',
  'model_context_window_exceeded',
  'refusal',
] as const);

/**
 * Knows the order of events: a message begins, blocks begin at indexes of their own, grow by deltas of their kind and
 * end, the message says why it ends, and ends. It belongs to one subscription.
 *
 * What has no place in that order may stand anywhere: `ping`, `tool_result`, and events of unknown types. A `reset`
 * forgets what came before it. Usage may be told at any time of a message, by a `message_delta` without a stop reason.
 *
 * @see https://docs.claude.com/en/api/messages-streaming
 */
export class ProtocolChecker {
  #phase: 'before' | 'inside' | 'after' = 'before';
  #id: string | undefined;
  #cutOff = false;
  readonly #open = new Map<number, OpenBlock>();
  readonly #ended = new Set<number>();

  /** The indexes of the blocks that are open, in the order in which they began. */
  get open(): readonly number[] {
    return Array.from(this.#open.keys());
  }

  /**
   * Checks an event and takes it.
   *
   * @throws StreamError `protocol` for one that is out of order
   */
  check(event: StreamEvent): void {
    const violation = this.violationOf(event);
    if (violation !== undefined) throw this.errorOf(violation, event);
    this.take(event);
  }

  /** Takes an event that is in order. */
  take(event: StreamEvent): void {
    switch (event.type) {
      case 'content_block_delta': {
        const block = this.#open.get(event.index);
        if (block !== undefined) block.hasGrown = true;
        break;
      }
      case 'message_start':
        this.#clear('inside');
        this.#id = event.message.id;
        for (const index of event.message.content.keys()) this.#ended.add(index);
        break;
      case 'content_block_start':
        this.#open.set(event.index, { start: event.content_block, hasGrown: false });
        break;
      case 'content_block_stop':
      case 'block_abort':
        this.#open.delete(event.index);
        this.#ended.add(event.index);
        break;
      case 'message_delta':
        this.#cutOff = isCutOff(event) ?? this.#cutOff;
        break;
      case 'message_stop':
      case 'error':
        this.#clear('after');
        break;
      case 'reset':
        this.#clear('before');
        break;
      default:
        // What has no place in the order.
        break;
    }
  }

  /** What is wrong with an event that would come now; `undefined` where it is in order. */
  violationOf(event: StreamEvent): ProtocolViolation | undefined {
    switch (event.type) {
      case 'message_start':
        if (this.#phase !== 'inside') return undefined;
        // An empty id says nothing: it may be another message.
        return event.message.id === this.#id && this.#id !== '' ? 'message-repeated' : 'message-unfinished';
      case 'content_block_start':
      case 'content_block_delta':
      case 'content_block_stop':
      case 'block_abort':
        return this.#phase === 'after' ? 'after-terminal' : this.#blockViolation(event);
      case 'message_delta':
      case 'message_stop': {
        if (this.#phase !== 'inside') return this.#phase === 'after' ? 'after-terminal' : 'no-message';
        const cutOff = event.type === 'message_delta' ? isCutOff(event) : this.#cutOff;
        return cutOff === false && this.#open.size > 0 ? 'blocks-open' : undefined;
      }
      case 'error':
        return this.#phase === 'after' ? 'after-terminal' : undefined;
      default:
        return undefined;
    }
  }

  /**
   * The error that a violation is.
   *
   * @param violation - as {@link ProtocolChecker.violationOf} tells it
   * @param event - the event that came
   * @returns a StreamError `protocol`; retryable where two answers were mixed into one
   */
  errorOf(violation: ProtocolViolation, event: StreamEvent): StreamError {
    const retryable = violation === 'message-unfinished';
    return new StreamError('protocol', this.#sentence(violation, event), { retryable });
  }

  #blockViolation(event: BlockEvent): ProtocolViolation | undefined {
    const { index } = event;
    if (!isBlockIndex(index)) return 'bad-index';
    const open = this.#open.get(index);
    if (event.type === 'content_block_start') {
      if (open !== undefined) return isRepeated(open, event.content_block) ? 'block-repeated' : 'index-taken';
      if (this.#ended.has(index)) return 'index-taken';
      return this.#phase === 'before' ? 'no-message' : undefined;
    }
    if (open === undefined) return this.#ended.has(index) ? 'block-ended' : 'block-unknown';
    if (event.type !== 'content_block_delta') return undefined;
    return isFitting(open.start, event.delta) ? undefined : 'wrong-delta';
  }

  #sentence(violation: ProtocolViolation, event: StreamEvent): string {
    const index = 'index' in event ? event.index : this.open[0];
    const block = `block ${String(index)}`;
    switch (violation) {
      case 'no-message':
        return `A ${event.type} came before its message began`;
      case 'message-repeated':
        return 'The message began twice';
      case 'message-unfinished':
        return 'Another message began inside an unfinished one';
      case 'block-repeated':
      case 'index-taken':
        return `Block ${String(index)} began twice`;
      case 'bad-index':
        return 'A block has an index that is none';
      case 'block-unknown':
        return `A ${event.type} for ${block}, which never began`;
      case 'block-ended':
        return `A ${event.type} for ${block}, which has ended`;
      case 'wrong-delta':
        return `A delta for ${block}, which does not grow by it`;
      case 'blocks-open':
        return `A ${event.type} came while ${block} was open`;
      case 'after-terminal':
        return `A ${event.type} came after its message had ended`;
    }
  }

  #clear(phase: 'before' | 'inside' | 'after'): void {
    this.#phase = phase;
    this.#id = undefined;
    this.#cutOff = false;
    this.#open.clear();
    this.#ended.clear();
  }
}

/** Whether the message is said to end where the model was cut off; `undefined` where it is not said to end. */
function isCutOff({ delta: { stop_reason } }: EventOf<'message_delta'>): boolean | undefined {
  return (stop_reason ?? null) === null ? undefined : CUT_OFF.has(stop_reason);
}

/** A start sent twice. After the block has grown it may as well be another block, or the whole answer once more. */
function isRepeated({ start, hasGrown }: OpenBlock, again: AnyContentBlock): boolean {
  return !hasGrown && (start === again || JSON.stringify(start) === JSON.stringify(again));
}
