import { apiError } from '../../errors/apiError.js';
import { StreamError } from '../../errors/streamError.js';
import type { StreamEvent } from '../../events/event.js';

/** One attempt at an answer, judged by how it begins and ends. */
export class Attempt {
  /** The `id` of the message that has begun. */
  #message: string | undefined;
  #isWhole = false;

  /** Whether a message has ended well. What comes after it is not judged. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /**
   * Adds an event.
   *
   * @throws StreamError `api` for an `error` event; `protocol`, retryable, for another message inside an unfinished one
   */
  add(event: StreamEvent): void {
    if (this.#isWhole) return;
    switch (event.type) {
      case 'message_start':
        this.#begin(event.message.id);
        break;
      case 'message_stop':
        this.#isWhole = true;
        break;
      case 'error':
        throw apiError(event);
      case 'reset':
        this.#message = undefined;
        break;
      default:
    }
  }

  #begin(id: string): void {
    // Gateways repeat the start of a message.
    if (this.#message !== undefined && this.#message !== id) {
      throw new StreamError('protocol', 'Another message began inside an unfinished one', {
        retryable: true,
      });
    }
    this.#message = id;
  }
}
