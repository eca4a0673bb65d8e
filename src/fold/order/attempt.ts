import { truncated } from '../../errors/streamError.js';
import type { StreamEvent } from '../../events/event.js';
import { failureOf } from './failureOf.js';
import { Phase } from './phase.js';

/** One attempt at an answer, judged by how its message begins and ends. */
export class Attempt {
  readonly #phase = new Phase();
  #isWhole = false;

  /** Whether a message has ended well. What comes after it is not judged. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /**
   * Adds an event.
   *
   * @throws StreamError as {@link failureOf}, except for what is wrong with a block; `truncated` for the end of a message
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
