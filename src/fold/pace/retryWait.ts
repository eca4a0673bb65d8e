import { streamErrorOf } from '../../errors/streamError.js';

/** The longest wait that a timer of the platform can hold, in ms: a longer one ends at once. */
export const LONGEST_TIMER = 0x7fffffff;

/** An attempt that failed and is followed by another. */
export interface FailedAttempt {
  /** Its number, from 1. */
  readonly attempt: number;
  /** What it failed with. */
  readonly error: unknown;
  /** How long the wait before the next attempt is, in ms. */
  readonly waitMs: number;
}

/** Options of the operators that retry. Times are in ms. */
export interface RetryOptions {
  /** How often to try again. Default 2. */
  readonly count?: number | undefined;
  /** The wait before the second attempt; it doubles with each further attempt. Default 500. */
  readonly delay?: number | undefined;
  /** The upper limit of the growing wait. Default 8,000. */
  readonly maxDelay?: number | undefined;
  /** The largest share of the wait, from 0 to 1, that is taken off at random, so that clients do not all come back at once. Default 0.25. */
  readonly jitter?: number | undefined;
  /**
   * The longest `retry-after` to obey: up to this the server's wait replaces ours. When it asks for more, there is no
   * further attempt, and the error is raised at once. Default 60,000.
   */
  readonly retryAfter?: number | undefined;
  /**
   * Decides whether to try again after a failure; `attempt` is the number of the attempt that failed, from 1. Default:
   * after a `retryable` StreamError, and after a foreign error whose `status` is 408, 409, 429 or 500 and above.
   */
  readonly when?: ((error: unknown, attempt: number) => boolean) | undefined;
  /** Called when an attempt has failed and another will follow, before the wait: to show or to count it. What it throws fails the stream. */
  readonly onAttempt?: ((failed: FailedAttempt) => void) | undefined;
}

/**
 * Decides whether a failed attempt is followed by another, and when, and reports it.
 *
 * @param error - what the attempt failed with
 * @param attempt - its number, from 1
 * @param options - the defaults are those of the official SDK
 * @returns how long to wait before the next attempt, in ms; `undefined` if there should be none
 */
export function retryWait(error: unknown, attempt: number, options: RetryOptions): number | undefined {
  const { count = 2, retryAfter = 60_000, when, onAttempt } = options;
  const { retryable, retryAfterMs = 0 } = streamErrorOf(error);
  if (attempt > count || !(when?.(error, attempt) ?? retryable) || retryAfterMs > retryAfter)
    return undefined;
  const waitMs = retryAfterMs > 0 ? retryAfterMs : backoff(attempt, options);
  onAttempt?.({ attempt, error, waitMs });
  return waitMs;
}

/** After this many doublings every wait has reached its limit. */
const MOST_DOUBLINGS = 32;

function backoff(attempt: number, options: RetryOptions): number {
  const { delay = 500, maxDelay = 8_000, jitter = 0.25 } = options;
  const wait = Math.min(delay * 2 ** Math.min(attempt - 1, MOST_DOUBLINGS), maxDelay, LONGEST_TIMER);
  return Math.round(wait * (1 - jitter * Math.random()));
}
