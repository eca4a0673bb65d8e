import { apiError } from '../../errors/apiError.js';
import { truncated, type StreamError } from '../../errors/streamError.js';
import { isPing, isTerminal, type StreamEvent } from '../../events/event.js';
import { isOutput } from './output.js';

const NONE: readonly StreamEvent[] = [];

/**
 * The beginning of one attempt: holds its events back until the first content or the end, so that nothing of an attempt
 * shows that is going to be repeated. Keep-alives are no part of the answer and worth something only now: they pass.
 */
export class Opening {
  readonly #most: number;
  #held: StreamEvent[] = [];
  #isOver = false;
  #failure: StreamError | undefined;

  /** @param most - how many events are held at most; with one more, the opening is over */
  constructor(most: number) {
    this.#most = most;
  }

  /** Whether the attempt has been shown, and cannot be repeated unseen. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** The failure that the events themselves told of; a failure of the source is none of them. */
  get failure(): StreamError | undefined {
    return this.#failure;
  }

  /**
   * Adds an event, as long as the opening is not over.
   *
   * @returns the events that may be shown now
   * @throws StreamError `api` for an `error` event, which is held like any other
   */
  add(event: StreamEvent): readonly StreamEvent[] {
    if (isPing(event)) return [event];
    this.#held.push(event);
    if (event.type === 'error') throw (this.#failure = apiError(event));
    const isOver = isOutput(event) || isTerminal(event) || this.#held.length > this.#most;
    return isOver ? this.release() : NONE;
  }

  /** @returns the failure that it is to end before anything was worth showing */
  endedEarly(): StreamError {
    return (this.#failure = truncated());
  }

  /** @returns what is held; from now on nothing is */
  release(): readonly StreamEvent[] {
    const held = this.#held;
    this.#held = [];
    this.#isOver = true;
    return held;
  }
}
