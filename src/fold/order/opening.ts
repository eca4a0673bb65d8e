import { truncated } from '../../errors/streamError.js';
import { isPing, type StreamEvent } from '../../events/event.js';
import { Attempt } from './attempt.js';
import { isOutput } from './output.js';

/** The most events to hold back. One more ends the opening. */
const MOST_HELD = 1_000;

/**
 * The beginning of one attempt. It holds the events back until the first content or the end, so that nobody sees an
 * attempt that will be repeated. Pings pass, because they are not part of the answer and mean something only now.
 */
export class Opening<E extends StreamEvent> {
  readonly #attempt = new Attempt();
  #held: E[] = [];
  #isShown = false;
  #failure: unknown;

  /** Whether the attempt has been shown and can no longer be repeated unseen. */
  get isShown(): boolean {
    return this.#isShown;
  }

  /** The failure that the events themselves meant, as opposed to a failure of the source. */
  get failure(): unknown {
    return this.#failure;
  }

  /**
   * Takes an event, and emits what may be shown now.
   *
   * @throws StreamError what {@link Attempt.add} throws; the event itself is held like any other
   */
  next(event: E, emit: (event: E) => void): void {
    if (this.#isShown || isPing(event)) {
      emit(event);
      return;
    }
    this.#held.push(event);
    try {
      this.#attempt.add(event);
    } catch (error) {
      this.#failure = error;
      throw error;
    }
    if (isOutput(event) || this.#attempt.isWhole || this.#held.length > MOST_HELD)
      this.release().forEach((held) => emit(held));
  }

  /** @throws StreamError `truncated` for an attempt that ended before there was anything to show */
  complete(): void {
    if (!this.#isShown) throw (this.#failure = truncated());
  }

  /** Ends the opening. @returns what was held */
  release(): readonly E[] {
    const held = this.#held;
    this.#held = [];
    this.#isShown = true;
    return held;
  }
}
