import type { StreamEvent } from '../../events/event.js';
import type { Message } from '../../events/message.js';
import type { Usage } from '../../events/usage.js';
import { withEnding } from '../message/head.js';
import { failureOf } from '../order/failureOf.js';
import { Phase } from '../order/phase.js';

/**
 * What the message that is being written has used so far. Of the message it reads only the start and the end. It
 * belongs to one subscription and changes; the usages it hands out never do, and stay the same object until a number in
 * them changes.
 */
export class MessageUsage {
  readonly #phase = new Phase();
  #head: Message | undefined;

  /**
   * Adds an event. One that repeats the start of the message, or follows its end, changes nothing.
   *
   * @returns this usage
   * @throws StreamError as {@link failureOf}, except for what is wrong with a block
   */
  add(event: StreamEvent): this {
    const disorder = this.#phase.next(event);
    const failure = 'index' in event ? undefined : failureOf(event, disorder);
    if (failure !== undefined) throw failure;
    if (disorder !== undefined) return this;
    switch (event.type) {
      case 'message_start':
        this.#head = event.message;
        break;
      case 'message_delta': {
        if (this.#head === undefined) break;
        const changed = withEnding(this.#head, event);
        if (!isSameUsage(changed.usage, this.#head.usage)) this.#head = changed;
        break;
      }
      case 'reset':
        this.#head = undefined;
        break;
      default:
        break;
    }
    return this;
  }

  /** The usage of the last message; `undefined` before one has begun, after a `reset`, and where it has none. */
  get usage(): Usage | undefined {
    return this.#head?.usage;
  }

  /** Whether the message has ended well. */
  get hasEnded(): boolean {
    return this.#phase.isWhole;
  }

  /** Whether a message has begun, and no `reset` has come since. */
  get hasBegun(): boolean {
    return this.#head !== undefined;
  }

  /** Whether something has begun that has not ended. */
  get isUnfinished(): boolean {
    return this.#phase.isUnfinished;
  }
}

/** Whether both say the same. Usage is small, and keeps the order of its fields. */
export function isSameUsage(a: object | undefined, b: object | undefined): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
