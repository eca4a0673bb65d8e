import type { SchedulerLike } from 'rxjs';
import { isStreamError, StreamError } from '../../errors/streamError.js';

/** Answers of Redis that a later one may differ from: it starts, or hands over. */
const PASSING = /^(?:BUSY|CLUSTERDOWN|LOADING|MASTERDOWN|NOREPLICAS|READONLY|TRYAGAIN) /;

/** An id that is not greater than the last. */
const NOT_GREATER = /equal or smaller than the target stream top item/;

const FIRST_WAIT = 20;
const MOST_WAIT = 1_000;

/** What Redis answered where it refused; `undefined` for a failure of the connection, which says nothing of the command. */
function refusalOf(error: unknown): string | undefined {
  const message = error instanceof Error ? error.message : '';
  return /^[A-Z][A-Z0-9]* /.test(message) ? message : undefined;
}

/** Whether Redis refused an entry because a greater one, or the same, stands. */
export function isNotGreater(error: unknown): boolean {
  return NOT_GREATER.test(refusalOf(error) ?? '');
}

/**
 * Makes of what a client failed with a StreamError: `source` for what Redis refused, and else `network`.
 *
 * @param error - what the client was rejected with
 */
export function failureOf(error: unknown): StreamError {
  if (isStreamError(error)) return error;
  const [word] = refusalOf(error)?.split(' ') ?? [];
  // The rest of what it says may repeat what was to be written.
  return word === undefined
    ? new StreamError('network', 'The connection to Redis failed', { cause: error })
    : new StreamError('source', `Redis refused with ${word}`, {
        cause: error,
        retryable: PASSING.test(`${word} `),
      });
}

/** Tries again while Redis cannot be reached, as long as it may. */
export class Patience {
  readonly #timeoutMs: number;
  readonly #scheduler: SchedulerLike;

  /** @param timeoutMs - how long an answer may take, over all reconnections */
  constructor(timeoutMs: number, scheduler: SchedulerLike) {
    this.#timeoutMs = timeoutMs;
    this.#scheduler = scheduler;
  }

  /**
   * @param attempt - what may be done more than once
   * @returns what it gives
   * @throws what Redis refused with, as the client says it; StreamError `network` where no answer came in time
   */
  async of<T>(attempt: () => Promise<T>): Promise<T> {
    let isLate = false;
    let last: unknown;
    let wake: () => void = ignore;
    return new Promise<T>((resolve, reject) => {
      const clock = this.#scheduler.schedule(() => {
        isLate = true;
        wake();
        reject(this.#late(last));
      }, this.#timeoutMs);
      const run = async (): Promise<T> => {
        for (let waitMs = FIRST_WAIT; ; waitMs = Math.min(waitMs * 2, MOST_WAIT)) {
          try {
            return await attempt();
          } catch (error) {
            const refusal = refusalOf(error);
            if (isLate || isStreamError(error) || (refusal !== undefined && !PASSING.test(refusal)))
              throw error;
            last = error;
          }
          await new Promise<void>((resolve) => {
            wake = resolve;
            const timer = this.#scheduler.schedule(resolve, waitMs);
            wake = () => {
              timer.unsubscribe();
              resolve();
            };
          });
          if (isLate) throw this.#late(last);
        }
      };
      run()
        .then(resolve, reject)
        .finally(() => clock.unsubscribe());
    });
  }

  #late(cause: unknown): StreamError<'network'> {
    return new StreamError('network', `Redis did not answer within ${this.#timeoutMs} ms`, { cause });
  }
}

function ignore(): void {
  // Nobody waits.
}
