import type { StreamError } from '../../errors/streamError.js';
import { truncated } from '../../errors/streamError.js';
import { isPing, type StreamEvent } from '../../events/event.js';
import { Attempt } from './attempt.js';
import { isOutput } from './output.js';

/** The most events to hold back. One more ends the opening. */
const MOST_HELD = 1_000;

const NONE: readonly never[] = [];

/**
 * The beginning of one attempt. It holds the events back until the first content or the end, so that nobody sees an
 * attempt that will be repeated. Pings pass, because they are not part of the answer and mean something only now.
 */
export class Opening<E extends StreamEvent> {
  readonly #attempt = new Attempt();
  #held: E[] = [];
  #isOver = false;
  #failure: unknown;

  /** Whether the attempt has been shown and can no longer be repeated unseen. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** The failure that the events themselves meant, as opposed to a failure of the source. */
  get failure(): unknown {
    return this.#failure;
  }

  /**
   * Adds an event while the opening is not over.
   *
   * @returns the events that may be shown now
   * @throws StreamError what {@link Attempt.add} throws; the event itself is held like any other
   */
  add(event: E): readonly E[] {
    if (isPing(event)) return [event];
    this.#held.push(event);
    try {
      this.#attempt.add(event);
    } catch (error) {
      this.#failure = error;
      throw error;
    }
    const isOver = isOutput(event) || this.#attempt.isWhole || this.#held.length > MOST_HELD;
    return isOver ? this.release() : NONE;
  }

  /** @returns the failure of an attempt that ended before there was anything to show */
  endedEarly(): StreamError {
    const failure = truncated();
    this.#failure = failure;
    return failure;
  }

  /** Ends the opening. @returns what was held */
  release(): readonly E[] {
    const held = this.#held;
    this.#held = [];
    this.#isOver = true;
    return held;
  }
}
