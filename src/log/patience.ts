import { Subscription, type SchedulerLike } from 'rxjs';
import { isStreamError, StreamError } from '../errors/streamError.js';
import { Deadlines, type Cohort, type Waiting } from './deadlines.js';

const FIRST_WAIT = 20;
const MOST_WAIT = 1_000;

/** Tries again while a server cannot be reached, as long as it may. */
export class Patience {
  readonly timeoutMs: number;
  readonly scheduler: SchedulerLike;
  readonly deadlines: Deadlines;
  /** Whether another attempt may fail otherwise. */
  readonly passes: (error: unknown) => boolean;
  readonly #server: string;
  readonly #left: Subscription | undefined;

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
    this.passes = passes;
    this.#left = left;
    this.deadlines = deadlines;
  }

  /**
   * The same for somebody who may leave: then nothing is tried again, and no timer is left.
   *
   * @param left - closed once they have
   */
  until(left: Subscription): Patience {
    return new Patience(this.#server, this.timeoutMs, this.scheduler, this.passes, left, this.deadlines);
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
      new Trial(this, this.#left, attempt, resolve, reject).run();
    });
  }

  /** What is said where no answer came in time. */
  late(cause: unknown): StreamError {
    if (isStreamError(cause)) return cause;
    return new StreamError('network', `${this.#server} did not answer within ${this.timeoutMs} ms`, {
      cause,
    });
  }
}

/** One thing that is tried until it is done, or it is late. Many are under way at a time, so it is one object and few closures. */
class Trial<T> implements Waiting {
  readonly #patience: Patience;
  readonly #attempt: () => Promise<T>;
  readonly #resolve: (value: T) => void;
  readonly #reject: (error: unknown) => void;
  readonly #cohort: Cohort;
  readonly #leaving: Subscription | undefined;
  #isOver = false;
  #last: unknown;
  #waitMs = FIRST_WAIT;
  #wait: Subscription | undefined;

  constructor(
    patience: Patience,
    left: Subscription | undefined,
    attempt: () => Promise<T>,
    resolve: (value: T) => void,
    reject: (error: unknown) => void,
  ) {
    this.#patience = patience;
    this.#attempt = attempt;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#cohort = patience.deadlines.begin(this);
    if (left === undefined) return;
    this.#leaving = new Subscription(() => this.#fail(nobodyWaits()));
    left.add(this.#leaving);
  }

  run(): void {
    try {
      this.#attempt().then(
        (value) => this.#succeed(value),
        (error: unknown) => this.#missed(error),
      );
    } catch (error) {
      this.#missed(error);
    }
  }

  late(): void {
    this.#fail(this.#patience.late(this.#last));
  }

  #missed(error: unknown): void {
    const { passes, scheduler } = this.#patience;
    if (!passes(error)) this.#fail(error);
    if (this.#isOver) return;
    this.#last = error;
    this.#wait = scheduler.schedule(() => this.run(), this.#waitMs);
    this.#waitMs = Math.min(this.#waitMs * 2, MOST_WAIT);
  }

  #succeed(value: T): void {
    if (this.#isOver) return;
    this.#end();
    this.#resolve(value);
  }

  #fail(error: unknown): void {
    if (this.#isOver) return;
    this.#end();
    this.#reject(error);
  }

  #end(): void {
    this.#isOver = true;
    this.#cohort.end();
    this.#wait?.unsubscribe();
    this.#leaving?.unsubscribe();
  }
}

function nobodyWaits(): StreamError<'aborted'> {
  return new StreamError('aborted', 'Nobody waits for an answer any more');
}
