import type { SchedulerLike, Subscription } from 'rxjs';

/** Those that wait from the same moment on: they are late at the same moment too. */
interface Cohort {
  /** What is called for each where it is late. */
  readonly waiting: Set<() => void>;
  clock: Subscription | undefined;
}

/** Says who has waited too long. Whoever begins in the same millisecond shares a timer, as many entries of a log do. */
export class Deadlines {
  readonly #ms: number;
  readonly #scheduler: SchedulerLike;
  #cohort: Cohort = { waiting: new Set(), clock: undefined };
  #began = NaN;

  /** @param ms - how long each may wait */
  constructor(ms: number, scheduler: SchedulerLike) {
    this.#ms = ms;
    this.#scheduler = scheduler;
  }

  /**
   * Begins to wait.
   *
   * @param late - is called if it is not ended in time
   * @returns ends it
   */
  begin(late: () => void): () => void {
    const cohort = this.#now();
    const { waiting } = cohort;
    waiting.add(late);
    cohort.clock ??= this.#scheduler.schedule(() => {
      this.#began = NaN;
      for (const late of waiting) late();
    }, this.#ms);
    return () => {
      if (!waiting.delete(late) || waiting.size > 0) return;
      cohort.clock?.unsubscribe();
      cohort.clock = undefined;
    };
  }

  /** All that begin in the same millisecond. If the timer of that millisecond has fired, they need a new one: the clock was set back. */
  #now(): Cohort {
    const now = this.#scheduler.now();
    if (now !== this.#began || this.#cohort.clock === undefined) {
      this.#began = now;
      this.#cohort = { waiting: new Set(), clock: undefined };
    }
    return this.#cohort;
  }
}
