import fc from 'fast-check';
import { animationFrameScheduler, concat, concatMap, from, ignoreElements, NEVER, of, timer } from 'rxjs';
import { TestScheduler, type RunHelpers } from 'rxjs/testing';
import { latestPerFrame } from '../../src/operators/latestPerFrame.js';
import { runs } from '../seed.js';
import { CountingScheduler } from './countingScheduler.js';
import { withGlobals } from './page.js';

/** A screen that draws when `animate` says so; who asks whether there is one finds it. */
const screen = { requestAnimationFrame: () => 0 };

function run(work: (helpers: RunHelpers) => void): void {
  new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(work);
}

describe('with a screen', () => {
  it('the latest value comes with each of its frames', () => {
    withGlobals(screen, () => {
      run(({ animate, cold, expectObservable }) => {
        animate('             ----x----x----x');
        const values = cold('-ab---cd-------e-f|');
        expectObservable(values.pipe(latestPerFrame())).toBe('-a--b----d--------(f|)');
      });
    });
  });

  it('the latest value comes within 100 ms if no frame does', () => {
    withGlobals(screen, () => {
      run(({ animate, cold, expectObservable }) => {
        animate('             ----x');
        const values = cold('-a------b--c 200ms |');
        expectObservable(values.pipe(latestPerFrame())).toBe('-a------- 99ms c 103ms |');
      });
    });
  });

  it('no frame is waited for while the page is hidden', () => {
    withGlobals({ ...screen, document: { visibilityState: 'hidden' } }, () => {
      run(({ animate, cold, expectObservable }) => {
        animate('             ----x');
        const values = cold('-a-b 40ms |');
        expectObservable(values.pipe(latestPerFrame())).toBe('-a 15ms b 26ms |');
      });
    });
  });

  it('a page that is hidden in between is told frames by time from then on', () => {
    const document = { visibilityState: 'visible' };
    withGlobals({ ...screen, document }, () => {
      run(({ animate, cold, expectObservable }) => {
        animate('             ----x----x');
        const values = cold('-a-----b 40ms |');
        const hidden = values.pipe(
          concatMap((value) => {
            if (value === 'b') document.visibilityState = 'hidden';
            return of(value);
          }),
        );
        expectObservable(hidden.pipe(latestPerFrame())).toBe('-a----- 16ms b 24ms |');
      });
    });
  });

  it('its frames can be asked for by name', () => {
    run(({ animate, cold, expectObservable }) => {
      animate('             ----x----x');
      const values = cold('-ab---c------|');
      expectObservable(values.pipe(latestPerFrame(animationFrameScheduler))).toBe('-a--b----c---|');
    });
  });
});

describe('any values', () => {
  const STEPS = fc.array(fc.nat(40));

  it('come in order, the last one always, no more than one in 16 ms but for it', () => {
    fc.assert(
      fc.property(STEPS, (waits) => {
        const scheduler = new CountingScheduler();
        const shown: { readonly value: number; readonly at: number }[] = [];
        from(waits.entries())
          .pipe(
            concatMap(([nth, wait]) => concat(timer(wait, scheduler).pipe(ignoreElements()), of(nth))),
            latestPerFrame(scheduler),
          )
          .subscribe((value) => shown.push({ value, at: scheduler.now() }));
        scheduler.flush();
        const values = shown.map(({ value }) => value);
        expect(values).toEqual([...new Set(values)].sort((a, b) => a - b));
        expect(values.at(-1)).toBe(waits.length === 0 ? undefined : waits.length - 1);
        const gaps = shown.slice(1, -1).map(({ at }, nth) => at - (shown[nth]?.at ?? 0));
        expect(gaps.filter((gap) => gap < 16)).toEqual([]);
        expect(scheduler.open).toBe(0);
      }),
      { numRuns: runs(300), seed: 1 },
    );
  });

  it('are waited for with one timer, however many come', () => {
    const scheduler = new CountingScheduler();
    const subscription = concat(from(Array.from({ length: 10_000 }).keys()), NEVER)
      .pipe(latestPerFrame(scheduler))
      .subscribe();
    expect(scheduler).toMatchObject({ set: 1, open: 1 });
    subscription.unsubscribe();
    expect(scheduler.open).toBe(0);
  });
});
