import type { StreamEvent } from '../../events/event.js';
import type { Message } from '../../events/message.js';
import type { Usage } from '../../events/usage.js';
import { checked, withEnding } from '../message/head.js';
import { failureOf } from '../order/failureOf.js';
import { Phase } from '../order/phase.js';

/**
 * What the current message has used so far. It reads only the start and the end of the message. It belongs to one
 * subscription. The usages that it returns never change; each is the same object as the one before until a number
 * changes.
 */
export class MessageUsage {
  readonly #phase = new Phase();
  #head: Message | undefined;

  /**
   * Adds an event. An event that repeats the start of the message or follows its end changes nothing.
   *
   * @returns this usage
   * @throws StreamError what {@link failureOf} returns, except for events of blocks
   */
  add(event: StreamEvent): this {
    const disorder = this.#phase.next(event);
    const failure = 'index' in event ? undefined : failureOf(event, disorder);
    if (failure !== undefined) throw failure;
    if (disorder !== undefined) return this;
    switch (event.type) {
      case 'message_start':
        this.#head = checked(event.message);
        break;
      case 'message_delta': {
        if (this.#head === undefined) break;
        const changed = withEnding(this.#head, event);
        if (!isSameUsage(changed.usage, this.#head.usage ?? undefined)) this.#head = changed;
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

  /** The usage of the last message; `undefined` before a message, after a `reset` and if the message has none. */
  get usage(): Usage | undefined {
    // A gateway may say `null`.
    return this.#head?.usage ?? undefined;
  }

  /** Whether the message has ended with `message_stop`. */
  get hasEnded(): boolean {
    return this.#phase.isWhole;
  }

  /** Whether a message has begun and no `reset` has come since. */
  get hasBegun(): boolean {
    return this.#head !== undefined;
  }

  /** Whether something has begun that has not ended. */
  get isUnfinished(): boolean {
    return this.#phase.isUnfinished;
  }
}

/** Whether both have the same numbers. What is the same object in both is not looked into. */
export function isSameUsage(a: object | undefined, b: object | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  const fields = Object.entries(a);
  return (
    fields.length === Object.keys(b).length &&
    fields.every(([field, value]) => isSame(value, Reflect.get(b, field)))
  );
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || (typeof a === 'object' && JSON.stringify(a) === JSON.stringify(b));
}
