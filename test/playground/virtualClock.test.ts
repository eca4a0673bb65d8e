import fc from 'fast-check';
import {
  auditTime,
  bufferTime,
  concatMap,
  debounceTime,
  delay,
  from,
  interval,
  merge,
  mergeMap,
  of,
  repeat,
  take,
  timeout,
  timer,
  type Observable,
  type SchedulerLike,
  VirtualTimeScheduler,
} from 'rxjs';
import { runs } from '../seed.js';
import { VirtualClock } from '../../playground/model/virtualClock.js';

type Operator = (source: Observable<unknown>, scheduler: SchedulerLike) => Observable<unknown>;

const OPERATORS: readonly Operator[] = [
  (source, scheduler) => source.pipe(delay(4, scheduler)),
  (source, scheduler) => source.pipe(debounceTime(5, scheduler)),
  (source, scheduler) => source.pipe(auditTime(6, scheduler)),
  (source, scheduler) => source.pipe(bufferTime(7, undefined, 3, scheduler)),
  (source, scheduler) => source.pipe(timeout({ each: 9, with: () => of('late'), scheduler })),
  (source, scheduler) =>
    source.pipe(concatMap((value) => merge(of(value), timer(2, 3, scheduler).pipe(take(3))))),
  (source, scheduler) => merge(source, interval(5, scheduler).pipe(take(12))),
  (source, scheduler) => source.pipe(repeat({ count: 2, delay: () => timer(5, scheduler) })),
];

/** What comes, and when. */
function told(times: readonly number[], chosen: readonly Operator[], scheduler: SchedulerLike): unknown[] {
  const seen: unknown[] = [];
  const source: Observable<unknown> = from(times).pipe(
    mergeMap((time, nth) => timer(time, scheduler).pipe(concatMap(() => of(nth)))),
  );
  const output = chosen.reduce((values, each) => each(values, scheduler), source);
  output.subscribe({
    next: (value) => seen.push([scheduler.now(), value]),
    complete: () => seen.push([scheduler.now(), 'complete']),
    error: (error: unknown) => seen.push([scheduler.now(), String(error)]),
  });
  return seen;
}

describe('a virtual clock', () => {
  it('lets operators do what they do on that of RxJS', () => {
    const times = fc.array(fc.nat(40), { maxLength: 12 });
    const operators = fc.array(fc.constantFrom(...OPERATORS), { maxLength: 3 });
    fc.assert(
      fc.property(times, operators, (given, chosen) => {
        const theirs = new VirtualTimeScheduler();
        const expected = told(given, chosen, theirs);
        theirs.flush();
        const ours = new VirtualClock();
        const seen = told(given, chosen, ours);
        while (ours.due !== undefined) ours.step();
        expect(seen).toEqual(expected);
        if (given.length > 0) expect(seen.length).toBeGreaterThan(0);
      }),
      { numRuns: runs(300) },
    );
  });

  it('runs nothing that was called off, and has nothing due then', () => {
    const clock = new VirtualClock();
    const seen: number[] = [];
    const waiting = clock.schedule(() => seen.push(1), 5);
    clock.schedule(() => waiting.unsubscribe(), 5 - 1);
    interval(2, clock)
      .pipe(take(3))
      .subscribe(() => seen.push(clock.now()));
    while (clock.due !== undefined) clock.step();
    expect(seen).toEqual([2, 4, 6]);
    expect(clock.now()).toBe(6);
  });

  it('keeps time for as long as anybody wants it', () => {
    const clock = new VirtualClock();
    let count = 0;
    const ticking = interval(1, clock).subscribe(() => (count += 1));
    for (let nth = 0; nth < 100_000; nth++) clock.step();
    ticking.unsubscribe();
    expect([count, clock.due]).toEqual([100_000, undefined]);
  });
});
