import { apiError } from '../errors/apiError.js';
import { StreamError, truncated } from '../errors/streamError.js';
import type { ErrorEvent } from '../events/event.js';
import { checkFollows, positionOf, type Position } from './position.js';
import type { Entry } from './runLog.js';

/** How a run has gone, for one who reads it: nothing is missing, and its end is what an entry says. */
export class Course {
  at: Position | undefined;
  /** Behind the entry that ends a run nothing comes, not even that entry. */
  #isOver: boolean;
  /** Whether the last that was said is that it failed. */
  #hasFailed = false;

  /** @param after - where the reader stands; `undefined` before the first event */
  constructor(after?: Position) {
    this.at = after;
    this.#isOver = after !== undefined;
  }

  /**
   * Takes an entry, before its events are shown.
   *
   * @throws StreamError `gap` where something before it is missing; `api` for a run that failed before it said anything
   */
  take(entry: Entry): void {
    checkFollows(this.at, entry);
    const [first] = entry.events;
    if (this.at === undefined && entry.outcome === 'failed' && first?.type === 'error')
      throw failureIn(first);
    this.at = positionOf(entry.id);
    this.#hasFailed = entry.events.reduce(
      (had, event) => (event.type === 'error' ? !event.lane : had),
      this.#hasFailed,
    );
    this.#isOver = entry.outcome !== undefined;
  }

  /**
   * Looks at the end of an entry, once its events are shown.
   *
   * @throws StreamError `api` for a run that failed without saying why
   */
  check({ outcome }: Entry): void {
    if (outcome === 'failed' && !this.#hasFailed) throw new StreamError('api', 'The run failed');
  }

  /**
   * Looks at the end of the log.
   *
   * @throws StreamError `truncated` where no entry said that the run is over
   */
  complete(): void {
    if (!this.#isOver) throw truncated();
  }
}

/** What a run failed with before it said anything: to whoever asked for it, its request failed. */
function failureIn(event: ErrorEvent): StreamError {
  const error = apiError(event);
  const { retry_after_ms: retryAfterMs } = event.error;
  return new StreamError('api', error.message, { ...error, retryAfterMs });
}
