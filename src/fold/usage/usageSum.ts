import type { StreamEvent } from '../../events/event.js';
import { isSameUsage, MessageUsage } from './messageUsage.js';
import { NO_USAGE, plus, type Addition, type UsageTotals } from './usageTotals.js';

/**
 * What all messages so far have used, including the current one. It belongs to one subscription. The totals that it
 * returns never change; they are the same object as before until a number changes.
 */
export class UsageSum {
  readonly #message = new MessageUsage();
  /** The totals of the messages that have ended or were given up. */
  #ended = NO_USAGE;
  /** What was added last to `#ended`. */
  #last: Addition | undefined;
  #totals: UsageTotals | undefined;

  /**
   * @returns this sum
   * @throws StreamError what {@link MessageUsage.add} throws
   */
  add(event: StreamEvent): this {
    // Nearly every event is one, and says nothing of it.
    if (event.type === 'content_block_delta' && 'index' in event) return this;
    const message = this.#message;
    const { usage, hasBegun, hasEnded } = message;
    message.add(event);
    // What a failed attempt has used was sent and is paid for, as far as it has said so.
    if (event.type === 'reset') this.#ended = this.#totals ?? NO_USAGE;
    if (message.usage === usage && message.hasBegun === hasBegun && message.hasEnded === hasEnded)
      return this;
    const totals = message.hasBegun ? plus(this.#ended, message.usage, this.#last) : this.#ended;
    if (message.hasEnded) this.#ended = totals;
    this.#last = message.hasEnded ? undefined : { usage: message.usage ?? {}, totals };
    if (!isSameUsage(totals, this.#totals)) this.#totals = totals;
    return this;
  }

  /** The totals; `undefined` before a message has begun. */
  get totals(): UsageTotals | undefined {
    return this.#totals;
  }

  /** Whether something has begun that has not ended. */
  get isUnfinished(): boolean {
    return this.#message.isUnfinished;
  }
}
