import { Subscription, type SchedulerLike } from 'rxjs';
import { isStreamError, StreamError } from '../errors/streamError.js';
import { Deadlines } from './deadlines.js';

const FIRST_WAIT = 20;
const MOST_WAIT = 1_000;

/** Tries again while a server cannot be reached, as long as it may. */
export class Patience {
  readonly timeoutMs: number;
  readonly scheduler: SchedulerLike;
  readonly #server: string;
  readonly #passes: (error: unknown) => boolean;
  readonly #left: Subscription | undefined;
  readonly #deadlines: Deadlines;

  /**
   * @param server - its name
   * @param timeoutMs - how long an answer may take, over all attempts
   * @param passes - whether another attempt may fail otherwise
   * @param left - closed once nobody waits any more
   * @param deadlines - of all that wait for this server
   */
  constructor(
    server: string,
    timeoutMs: number,
    scheduler: SchedulerLike,
    passes: (error: unknown) => boolean,
    left?: Subscription,
    deadlines = new Deadlines(timeoutMs, scheduler),
  ) {
    this.#server = server;
    this.timeoutMs = timeoutMs;
    this.scheduler = scheduler;
    this.#passes = passes;
    this.#left = left;
    this.#deadlines = deadlines;
  }

  /**
   * The same for somebody who may leave: then nothing is tried again, and no timer is left.
   *
   * @param left - closed once they have
   */
  until(left: Subscription): Patience {
    const { timeoutMs, scheduler } = this;
    return new Patience(this.#server, timeoutMs, scheduler, this.#passes, left, this.#deadlines);
  }

  /**
   * @param attempt - what may be done more than once
   * @returns what it gives
   * @throws what an attempt fails with that does not pass; where no answer came in time, the last StreamError that it
   *   failed with, or else one `network` with the last failure as its cause; `aborted` for whoever has left
   */
  of<T>(attempt: () => Promise<T>): Promise<T> {
    if (this.#left?.closed === true) return Promise.reject(nobodyWaits());
    return new Promise<T>((resolve, reject) => {
      let isOver = false;
      let last: unknown;
      let waitMs = FIRST_WAIT;
      let wait: Subscription | undefined;
      const end = (): void => {
        isOver = true;
        inTime();
        wait?.unsubscribe();
        leaving?.unsubscribe();
      };
      const fail = (error: Error): void => {
        if (isOver) return;
        end();
        reject(error);
      };
      const inTime = this.#deadlines.begin(() => fail(this.#late(last)));
      const leaving = this.#left && new Subscription(() => fail(nobodyWaits()));
      this.#left?.add(leaving);
      const run = async (): Promise<void> => {
        try {
          const value = await attempt();
          if (!isOver) end();
          resolve(value);
        } catch (error) {
          if (!this.#passes(error)) fail(error as Error);
          if (isOver) return;
          last = error;
          wait = this.scheduler.schedule(() => void run(), waitMs);
          waitMs = Math.min(waitMs * 2, MOST_WAIT);
        }
      };
      void run();
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
