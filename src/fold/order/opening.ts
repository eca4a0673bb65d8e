import type { StreamError } from '../../errors/streamError.js';
import { truncated } from '../../errors/streamError.js';
import { isPing, type StreamEvent } from '../../events/event.js';
import { Attempt } from './attempt.js';
import { isOutput } from './output.js';

/** How many events are held back at most; with one more, the opening is over. */
const MOST_HELD = 1_000;

const NONE: readonly never[] = [];

/**
 * The beginning of one attempt: holds its events back until the first content or the end, so that nothing is seen of an
 * attempt that is going to be repeated. Pings are not part of the answer and only mean something now: they pass.
 */
export class Opening<E extends StreamEvent> {
  readonly #attempt = new Attempt();
  #held: E[] = [];
  #isOver = false;
  #failure: unknown;

  /** Whether the attempt has been shown, and can no longer be repeated unseen. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** The failure that the events themselves were, as opposed to a failure of the source. */
  get failure(): unknown {
    return this.#failure;
  }

  /**
   * Adds an event, as long as the opening is not over.
   *
   * @returns the events that may be shown now
   * @throws StreamError as {@link Attempt.add}; the event is held like any other
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

  /** @returns the failure that it is to end before there was anything to show */
  endedEarly(): StreamError {
    const failure = truncated();
    this.#failure = failure;
    return failure;
  }

  /** @returns what is held; from now on nothing is */
  release(): readonly E[] {
    const held = this.#held;
    this.#held = [];
    this.#isOver = true;
    return held;
  }
}
