import {
  tap,
  type Observable,
  type OperatorFunction,
  type SchedulerAction,
  type SchedulerLike,
  type Subscription,
} from 'rxjs';
import type { Recording } from '../../src/testing/recordings/recording.js';
import { replay } from '../../src/testing/recordings/replay.js';
import type { Link } from './chain.js';
import type { Turns } from './slices.js';
import { VirtualClock } from './virtualClock.js';

/** How a row ends. */
export interface RowEnd {
  readonly at: number;
  readonly kind: 'complete' | 'error' | 'unsubscribe';
  readonly error?: unknown;
}

/** What flowed at one place of a pipe, and when. */
export interface Row {
  readonly times: readonly number[];
  readonly values: readonly unknown[];
  readonly end: RowEnd | undefined;
  /** Why no more is shown, where there is more. */
  readonly more: string | undefined;
  /** Of each value, and then of the end, which entry of the recording was the last that had come; one more is the end. */
  readonly causes: readonly number[];
}

/** What a run made, and whether any of it asked what time it was. */
export interface Run {
  readonly rows: readonly Row[];
  readonly isTimeless: boolean;
}

/** So many values of a row are shown. An operator may make many of one. */
const MOST_VALUES = 40_000;

/** So far virtual time goes: a chain that waits longer stays open. */
const LONGEST_MS = 7 * 24 * 3_600_000;

/** So many events are played, or timers run, before the clock on the wall is looked at. */
const AT_A_TIME = 250;

/**
 * Runs a chain over what was recorded, in virtual time, by the operators of the library.
 *
 * @returns a row for each link, in their order
 */
export async function run(
  recording: Recording,
  links: readonly Link[],
  turns: Turns,
): Promise<readonly Row[]> {
  return (await timedRun(recording, links, turns)).rows;
}

/** The same, with what has to be known to give it other times. */
export async function timedRun(recording: Recording, links: readonly Link[], turns: Turns): Promise<Run> {
  const scheduler = new VirtualClock();
  const clock = new WatchedClock(scheduler);
  const progress = { nth: -1 };
  const taps = links.map(() => new Tap(scheduler, progress));
  const atEnd = (): void => void (progress.nth = recording.entries.length);
  const source: Observable<unknown> = replay(recording, {}, scheduler).pipe(
    tap({
      subscribe: () => (progress.nth = -1),
      next: () => (progress.nth += 1),
      error: atEnd,
      complete: atEnd,
    }),
  );
  const output = links.reduce(
    (values, link, nth) =>
      values.pipe(link.make(clock) as OperatorFunction<unknown, unknown>, taps[nth]?.operator() ?? tap()),
    source,
  );
  const subscription = output.subscribe({ error: () => undefined });
  // What comes later waits for longer than anybody looks: the chain stays open.
  for (let nth = 1; (scheduler.due ?? Infinity) <= LONGEST_MS && !taps.some(isFull); nth++) {
    scheduler.step();
    if (nth % AT_A_TIME === 0 && turns.isDue) await turns.next();
  }
  // What is open stays open: leaving is not part of the run.
  for (const each of taps) each.close();
  subscription.unsubscribe();
  return { rows: taps, isTimeless: !clock.wasAsked };
}

/** The rows of a run at other times, where none of its operators asked what time it was. */
export function retimedRow(row: Row, { entries, end }: Recording): Row {
  const timeOf = (cause: number | undefined): number => entries[cause ?? 0]?.at ?? end.at;
  return {
    ...row,
    values: row.values,
    more: row.more,
    causes: row.causes,
    times: row.values.map((_, nth) => timeOf(row.causes[nth])),
    end: row.end && { ...row.end, at: timeOf(row.causes[row.values.length]) },
  };
}

/** Knows whether anybody asked it. */
class WatchedClock implements SchedulerLike {
  wasAsked = false;
  readonly #clock: VirtualClock;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  now(): number {
    this.wasAsked = true;
    return this.#clock.now();
  }

  schedule<T>(work: (this: SchedulerAction<T>, state?: T) => void, delay?: number, state?: T): Subscription {
    this.wasAsked = true;
    return state === undefined ? this.#clock.schedule(work, delay) : this.#clock.schedule(work, delay, state);
  }
}

function isFull({ more }: Row): boolean {
  return more !== undefined;
}

/** Notes what passes, and when. A second attempt is noted behind the first. */
class Tap implements Row {
  readonly times: number[] = [];
  readonly values: unknown[] = [];
  end: RowEnd | undefined;
  more: string | undefined;
  readonly causes: number[] = [];
  readonly #scheduler: VirtualClock;
  readonly #progress: { readonly nth: number };
  #isClosed = false;

  constructor(scheduler: VirtualClock, progress: { readonly nth: number }) {
    this.#scheduler = scheduler;
    this.#progress = progress;
  }

  close(): void {
    this.#isClosed = true;
  }

  operator(): OperatorFunction<unknown, unknown> {
    return tap<unknown>({
      next: (value) => this.#note(value),
      complete: () => this.#ended({ kind: 'complete' }),
      error: (error: unknown) => this.#ended({ kind: 'error', error }),
      unsubscribe: () => this.#ended({ kind: 'unsubscribe' }),
    });
  }

  #note(value: unknown): void {
    this.end = undefined;
    if (this.values.length >= MOST_VALUES) {
      this.more = `Only the first ${MOST_VALUES.toLocaleString('en')} values are shown`;
      return;
    }
    this.times.push(this.#scheduler.now());
    this.causes[this.values.length] = this.#progress.nth;
    this.values.push(value);
  }

  #ended(end: Omit<RowEnd, 'at'>): void {
    if (this.#isClosed) return;
    this.end = { at: this.#scheduler.now(), ...end };
    this.causes[this.values.length] = this.#progress.nth;
  }
}
