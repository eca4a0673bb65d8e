import { truncated } from '../../errors/streamError.js';
import type { StreamEvent } from '../../events/event.js';
import { failureOf } from './failureOf.js';
import { Phase } from './phase.js';

/** Judges one attempt at an answer by how its message begins and ends. */
export class Attempt {
  readonly #phase = new Phase();
  #isWhole = false;

  /** Whether a message has ended with `message_stop`. Later events are not judged. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /**
   * Adds an event.
   *
   * @throws StreamError what {@link failureOf} returns, except for events of blocks; `truncated` for the end of a message
   *   that never began
   */
  add(event: StreamEvent): void {
    if (this.#isWhole) return;
    const disorder = this.#phase.next(event);
    const failure = 'index' in event ? undefined : failureOf(event, disorder);
    if (failure !== undefined) throw failure;
    this.#isWhole = this.#phase.isWhole;
    if (this.#phase.hasEnded && !this.#isWhole) throw truncated();
  }
}
