import type { SchedulerLike, Subscription } from 'rxjs';
import { LONGEST_TIMER } from '../fold/pace/retryWait.js';

/** Somebody who waits. */
export interface Waiting {
  /** What is called where the time is over; who waits no longer has nothing to do then. */
  late(): void;
}

/** Those that wait from the same moment on: they are late at the same moment too. */
export class Cohort {
  readonly #all: Waiting[] = [];
  #waiting = 0;
  #clock: Subscription | undefined;

  /** @param clock - calls {@link late} in time */
  constructor(clock: (cohort: Cohort) => Subscription) {
    this.#clock = clock(this);
  }

  get isOver(): boolean {
    return this.#clock === undefined;
  }

  begin(waiting: Waiting): void {
    this.#all.push(waiting);
    this.#waiting++;
  }

  /** Somebody who began waits no longer; said once by each. */
  end(): void {
    if (--this.#waiting > 0) return;
    this.#clock?.unsubscribe();
    this.#clock = undefined;
    // The last ones that began are remembered until others do, and have what they wrote.
    this.#all.length = 0;
  }

  late(): void {
    this.#clock = undefined;
    for (const waiting of this.#all) waiting.late();
  }
}

/** Says who has waited too long. Whoever begins in the same millisecond shares a timer, as many entries of a log do. */
export class Deadlines {
  readonly #ms: number;
  readonly #scheduler: SchedulerLike;
  #cohort: Cohort | undefined;
  #began = NaN;

  /** @param ms - how long each may wait */
  constructor(ms: number, scheduler: SchedulerLike) {
    this.#ms = Math.min(ms, LONGEST_TIMER);
    this.#scheduler = scheduler;
  }

  /**
   * Begins to wait.
   *
   * @returns where it is ended
   */
  begin(waiting: Waiting): Cohort {
    const cohort = this.#now();
    cohort.begin(waiting);
    return cohort;
  }

  /** All that begin in the same millisecond. If the timer of that millisecond has fired, they need a new one: the clock was set back. */
  #now(): Cohort {
    const now = this.#scheduler.now();
    if (now === this.#began && this.#cohort?.isOver === false) return this.#cohort;
    this.#began = now;
    this.#cohort = new Cohort((cohort) => this.#scheduler.schedule(() => cohort.late(), this.#ms));
    return this.#cohort;
  }
}
