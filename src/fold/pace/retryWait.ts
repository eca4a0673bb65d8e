import { StreamError } from '../../errors/streamError.js';
import { LONGEST_TIMER } from './longestTimer.js';

/** Options of the operators that retry. Times are in ms. */
export interface RetryOptions {
  /** How often to try again. Default 2. */
  readonly count?: number | undefined;
  /** The wait before the second attempt; it doubles with each further one. Default 500. */
  readonly delay?: number | undefined;
  /** The longest that the wait grows. Default 8,000. */
  readonly maxDelay?: number | undefined;
  /** The share of the wait, from 0 to 1, that chance may take off, so that clients do not come back all at once. Default 0.25. */
  readonly jitter?: number | undefined;
  /**
   * The longest wait that a server may ask for with `retry-after`, which is then waited for instead. One that asks for
   * more is not asked again, and its error comes at once. Default 60,000.
   */
  readonly retryAfter?: number | undefined;
  /** Decides what is worth another attempt, told the failure and the number of the attempt, the first being 1. Default: a `StreamError` that is `retryable`. */
  readonly when?: ((error: unknown, attempt: number) => boolean) | undefined;
}

/**
 * Decides about a failed attempt.
 *
 * @param error - what it failed with
 * @param attempt - its number, the first being 1
 * @param options - the defaults are those of the official SDK
 * @returns how long to wait before the next attempt, in ms; `undefined` where there is to be none
 */
export function retryWait(error: unknown, attempt: number, options: RetryOptions): number | undefined {
  const { count = 2, retryAfter = 60_000, when = isRetryable } = options;
  if (attempt > count || !when(error, attempt)) return undefined;
  const { retryAfterMs = 0 } = error instanceof StreamError ? error : {};
  if (retryAfterMs <= 0) return backoff(attempt, options);
  return retryAfterMs <= retryAfter ? retryAfterMs : undefined;
}

function isRetryable(error: unknown): boolean {
  return error instanceof StreamError && error.retryable;
}

/** More doublings than any wait has room for. */
const MOST_DOUBLINGS = 32;

function backoff(attempt: number, options: RetryOptions): number {
  const { delay = 500, maxDelay = 8_000, jitter = 0.25 } = options;
  const wait = Math.min(delay * 2 ** Math.min(attempt - 1, MOST_DOUBLINGS), maxDelay, LONGEST_TIMER);
  return Math.round(wait * (1 - jitter * Math.random()));
}
