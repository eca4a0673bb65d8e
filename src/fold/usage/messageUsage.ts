import { apiError } from '../../errors/apiError.js';
import { StreamError } from '../../errors/streamError.js';
import type { StreamEvent } from '../../events/event.js';
import type { AnyMessage } from '../../events/message.js';
import type { Usage } from '../../events/usage.js';
import { withEnding } from '../message/head.js';

/**
 * What the message that is written has used so far. It reads nothing of the message but its start and its end. It
 * belongs to one subscription and changes; the usages it hands out never do, and stay the same object until a number in
 * them changes.
 */
export class MessageUsage {
  #head: AnyMessage | undefined;
  #ended = false;

  /**
   * Adds an event. What follows a `message_stop` is passed over, unless it begins another message.
   *
   * @returns this usage
   * @throws StreamError `api` for an `error` event; `protocol` for another message inside an unfinished one
   */
  add(event: StreamEvent): this {
    switch (event.type) {
      case 'message_start':
        this.#begin(event.message);
        break;
      case 'message_delta': {
        if (this.#head === undefined || this.#ended) break;
        const told = withEnding(this.#head, event);
        if (!isSameUsage(told.usage, this.#head.usage)) this.#head = told;
        break;
      }
      case 'message_stop':
        this.#ended = this.#head !== undefined;
        break;
      case 'reset':
        this.#head = undefined;
        this.#ended = false;
        break;
      case 'error':
        if (!this.#ended) throw apiError(event);
        break;
      default:
        break;
    }
    return this;
  }

  /** The usage of the message that has begun last; `undefined` before one has, after a `reset`, and where none was told. */
  get usage(): Usage | undefined {
    return this.#head?.usage;
  }

  /** Whether the message has ended well. */
  get hasEnded(): boolean {
    return this.#ended;
  }

  /** Whether a message has begun that has not ended. */
  get isUnfinished(): boolean {
    return this.#head !== undefined && !this.#ended;
  }

  #begin(message: AnyMessage): void {
    if (this.isUnfinished) {
      // Gateways repeat the start of a message; a different one would mix two usages into one.
      if (message.id === this.#head?.id) return;
      throw new StreamError('protocol', 'Another message began inside an unfinished one', {
        retryable: true,
      });
    }
    this.#head = message;
    this.#ended = false;
  }
}

/** Whether both say the same. Usage is small, and keeps the order of its fields. */
export function isSameUsage(a: object | undefined, b: object | undefined): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
