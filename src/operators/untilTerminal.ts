import type { MonoTypeOperatorFunction } from 'rxjs';
import { apiError } from '../errors/apiError.js';
import { truncated } from '../errors/streamError.js';
import type { StreamEvent } from '../events/event.js';
import { Phase } from '../fold/order/phase.js';
import { transformWith, type Step } from '../rx/transform.js';

/** Options of {@link untilTerminal}. */
export interface UntilTerminalOptions {
  /** What an `error` event becomes: a `StreamError` `api`, or itself as the last event. Default `throw`. */
  readonly errorEvent?: 'throw' | 'emit' | undefined;
  /** What becomes of a source that ends too early: an error `truncated`, or a completion. Default `throw`. */
  readonly truncation?: 'throw' | 'complete' | undefined;
}

/**
 * Completes right after `message_stop`, without waiting for the server to close the connection, and unsubscribes from the
 * source before anything else happens. A stream that does not get that far is an error: an `error` event becomes a
 * `StreamError`, and so does an early end.
 *
 * ```text
 * -m-o-t-c-z-x-x-|
 * > untilTerminal()
 * -m-o-t-c-(z|)
 * ^--------!
 * ```
 *
 * A `message_stop` without a message before it is not an answer: the stream is `truncated`.
 *
 * ```ts
 * import { streamEvents, untilTerminal } from 'rxjs-llm-stream';
 * import { anthropic } from 'rxjs-llm-stream/anthropic';
 *
 * streamEvents('/api/chat', { codec: anthropic })
 *   .pipe(untilTerminal())
 *   .subscribe({ complete: () => console.log('a whole answer'), error: (error) => console.error(error.code) });
 * ```
 *
 * @param options - what an `error` event and an early end become
 * @returns an operator from events to events
 * @throws StreamError `api` for an `error` event; `truncated` for a source that ends before a terminal event, or with a
 *   `message_stop` alone
 * @see {@link toMessage}
 */
export function untilTerminal<E extends StreamEvent>(
  options: UntilTerminalOptions = {},
): MonoTypeOperatorFunction<E> {
  return transformWith(() => new UntilTerminal(options));
}

/** Lets the events of one subscription through. */
class UntilTerminal<E extends StreamEvent> implements Step<E, E> {
  readonly #options: UntilTerminalOptions;
  readonly #phase = new Phase();
  isOver = false;

  constructor(options: UntilTerminalOptions) {
    this.#options = options;
  }

  next(event: E, emit: (event: E) => void): void {
    const phase = this.#phase;
    if (phase.next(event) !== 'other-lane') {
      if (event.type === 'error' && this.#options.errorEvent !== 'emit') throw apiError(event);
      if (event.type === 'message_stop' && !phase.isWhole) this.#cutOff();
      this.isOver = phase.hasEnded;
    }
    emit(event);
  }

  complete(): void {
    if (!this.isOver) this.#cutOff();
  }

  #cutOff(): void {
    if (this.#options.truncation !== 'complete') throw truncated();
  }
}
