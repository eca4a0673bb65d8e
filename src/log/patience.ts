import { Subscription, type SchedulerLike } from 'rxjs';
import { isStreamError, StreamError } from '../errors/streamError.js';

const FIRST_WAIT = 20;
const MOST_WAIT = 1_000;

/** Tries again while a server cannot be reached, as long as it may. */
export class Patience {
  readonly timeoutMs: number;
  readonly scheduler: SchedulerLike;
  readonly #server: string;
  readonly #passes: (error: unknown) => boolean;
  readonly #left: Subscription | undefined;

  /**
   * @param server - its name
   * @param timeoutMs - how long an answer may take, over all attempts
   * @param passes - whether another attempt may fail otherwise
   * @param left - closed once nobody waits any more
   */
  constructor(
    server: string,
    timeoutMs: number,
    scheduler: SchedulerLike,
    passes: (error: unknown) => boolean,
    left?: Subscription,
  ) {
    this.#server = server;
    this.timeoutMs = timeoutMs;
    this.scheduler = scheduler;
    this.#passes = passes;
    this.#left = left;
  }

  /**
   * The same for somebody who may leave: then nothing is tried again, and no timer is left.
   *
   * @param left - closed once they have
   */
  until(left: Subscription): Patience {
    return new Patience(this.#server, this.timeoutMs, this.scheduler, this.#passes, left);
  }

  /**
   * @param attempt - what may be done more than once
   * @returns what it gives
   * @throws what an attempt fails with that does not pass; where no answer came in time, the last StreamError that it
   *   failed with, or else one `network` with the last failure as its cause; `aborted` for whoever has left
   */
  async of<T>(attempt: () => Promise<T>): Promise<T> {
    if (this.#left?.closed === true) throw nobodyWaits();
    let isOver = false;
    let last: unknown;
    let wake = ignore;
    return new Promise<T>((resolve, reject) => {
      const giveUp = (error: StreamError): void => {
        isOver = true;
        clock.unsubscribe();
        wake();
        reject(error);
      };
      const clock = this.scheduler.schedule(() => giveUp(this.#late(last)), this.timeoutMs);
      const leaving = new Subscription(() => {
        if (!isOver) giveUp(nobodyWaits());
      });
      this.#left?.add(leaving);
      const run = async (): Promise<T> => {
        for (let waitMs = FIRST_WAIT; ; waitMs = Math.min(waitMs * 2, MOST_WAIT)) {
          try {
            return await attempt();
          } catch (error) {
            if (isOver || !this.#passes(error)) throw error;
            last = error;
          }
          await new Promise<void>((resolve) => {
            const timer = this.scheduler.schedule(resolve, waitMs);
            wake = () => {
              timer.unsubscribe();
              resolve();
            };
          });
          if (isOver) throw this.#late(last);
        }
      };
      run()
        .then(resolve, reject)
        .finally(() => {
          isOver = true;
          clock.unsubscribe();
          leaving.unsubscribe();
        });
    });
  }

  #late(cause: unknown): StreamError {
    if (isStreamError(cause)) return cause;
    return new StreamError('network', `${this.#server} did not answer within ${this.timeoutMs} ms`, {
      cause,
    });
  }
}

function nobodyWaits(): StreamError<'aborted'> {
  return new StreamError('aborted', 'Nobody waits for an answer any more');
}

function ignore(): void {
  // Nobody waits.
}
