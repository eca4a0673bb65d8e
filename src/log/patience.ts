import type { SchedulerLike } from 'rxjs';
import { isStreamError, StreamError } from '../errors/streamError.js';

const FIRST_WAIT = 20;
const MOST_WAIT = 1_000;

/** Tries again while a server cannot be reached, as long as it may. */
export class Patience {
  readonly timeoutMs: number;
  readonly scheduler: SchedulerLike;
  readonly #server: string;
  readonly #passes: (error: unknown) => boolean;

  /**
   * @param server - its name
   * @param timeoutMs - how long an answer may take, over all attempts
   * @param passes - whether another attempt may fail otherwise
   */
  constructor(
    server: string,
    timeoutMs: number,
    scheduler: SchedulerLike,
    passes: (error: unknown) => boolean,
  ) {
    this.#server = server;
    this.timeoutMs = timeoutMs;
    this.scheduler = scheduler;
    this.#passes = passes;
  }

  /**
   * @param attempt - what may be done more than once
   * @returns what it gives
   * @throws what an attempt fails with that does not pass; where no answer came in time, the last StreamError that it
   *   failed with, or else one `network` with the last failure as its cause
   */
  async of<T>(attempt: () => Promise<T>): Promise<T> {
    let isLate = false;
    let last: unknown;
    let wake = ignore;
    return new Promise<T>((resolve, reject) => {
      const clock = this.scheduler.schedule(() => {
        isLate = true;
        wake();
        reject(this.#late(last));
      }, this.timeoutMs);
      const run = async (): Promise<T> => {
        for (let waitMs = FIRST_WAIT; ; waitMs = Math.min(waitMs * 2, MOST_WAIT)) {
          try {
            return await attempt();
          } catch (error) {
            if (isLate || !this.#passes(error)) throw error;
            last = error;
          }
          await new Promise<void>((resolve) => {
            const timer = this.scheduler.schedule(resolve, waitMs);
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

  #late(cause: unknown): StreamError {
    if (isStreamError(cause)) return cause;
    return new StreamError('network', `${this.#server} did not answer within ${this.timeoutMs} ms`, {
      cause,
    });
  }
}

function ignore(): void {
  // Nobody waits.
}
