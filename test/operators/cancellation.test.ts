import { readdirSync } from 'node:fs';
import { from, Observable, Subject, take, takeUntil, type Subscription } from 'rxjs';
import { StreamError } from '../../src/errors/streamError.js';
import type { StreamEvent } from '../../src/events/event.js';
import { runTools } from '../../src/operators/runTools.js';
import { shareSnapshot } from '../../src/operators/shareSnapshot.js';
import { stopOn } from '../../src/operators/stopOn.js';
import { retryBeforeOutput } from '../../src/operators/retryBeforeOutput.js';
import { retryWithReset } from '../../src/operators/retryWithReset.js';
import { streamTimeout } from '../../src/operators/streamTimeout.js';
import { CountingScheduler } from './countingScheduler.js';
import { ANSWER, OPERATORS, type OperatorCase } from './everyOperator.js';

/** A source that a test pushes, and how often it was subscribed to and let go. */
class Watched {
  readonly #pushed = new Subject<never>();
  subscribed = 0;
  letGo = 0;
  readonly source = new Observable<never>((subscriber) => {
    this.subscribed++;
    subscriber.add(() => this.letGo++);
    return this.#pushed.subscribe(subscriber);
  });

  push(...values: readonly unknown[]): void {
    for (const value of values) this.#pushed.next(value as never);
  }

  fail(error: unknown): void {
    this.#pushed.error(error);
  }

  complete(): void {
    this.#pushed.complete();
  }
}

/** What a subscriber is told. */
class Told {
  readonly values: unknown[] = [];
  ended: unknown;
  readonly subscription: Subscription;

  constructor(source: Observable<unknown>, onValue?: (count: number) => void) {
    this.subscription = source.subscribe({
      next: (value) => {
        this.values.push(value);
        onValue?.(this.values.length);
      },
      error: (error: unknown) => (this.ended = error),
      complete: () => (this.ended = 'complete'),
    });
  }
}

describe('the table', () => {
  it('has every operator of the library, and no other', () => {
    const files = ['operators', 'text'].flatMap((folder) =>
      readdirSync(new URL(`../../src/${folder}/`, import.meta.url)).filter((name) => name.endsWith('.ts')),
    );
    // What is drawn as an operator and stands elsewhere.
    const names = [...files.map((file) => file.replace(/\.ts$/, '')), 'converse', 'drain', 'streamTurn'];
    expect(Object.keys(OPERATORS)).toEqual(names.sort());
  });
});

describe.each(Object.entries(OPERATORS))('%s, unsubscribed from', (name, { make, given, gives, isTimed }) => {
  it('before anything came, says nothing for as long as the source is silent, and lets it go at once', () => {
    const time = new CountingScheduler();
    const watched = new Watched();
    const told = new Told(watched.source.pipe(make(time)));
    const { length } = told.values;
    // The one operator that is there to end a silence; below it has no limits.
    if (name !== 'streamTimeout') time.pass(100);
    expect(told.values).toHaveLength(length);
    expect(watched).toMatchObject({ subscribed: 1, letGo: 0 });
    expect(told.ended).toBeUndefined();
    told.subscription.unsubscribe();
    expect(watched).toMatchObject({ subscribed: 1, letGo: 1 });
    expect(time.open).toBe(0);
    watched.push(...given);
    time.flush();
    expect(told.values).toHaveLength(length);
    expect(told.ended).toBeUndefined();
  });

  it.each(given.map((_, nth) => nth + 1))(
    'after %d of what is given, lets the source go at once',
    (count) => {
      const time = new CountingScheduler();
      const watched = new Watched();
      const told = new Told(watched.source.pipe(make(time)));
      watched.push(...given.slice(0, count));
      const { length } = told.values;
      told.subscription.unsubscribe();
      expect(watched).toMatchObject({ subscribed: 1, letGo: 1 });
      expect(time.open).toBe(0);
      watched.push(...given.slice(count));
      time.flush();
      expect(told.values).toHaveLength(length);
    },
  );

  it('while it delivers, lets the source go at once and delivers nothing more', () => {
    for (let last = 1; last <= gives; last++) {
      const time = new CountingScheduler();
      const watched = new Watched();
      // Some operators speak before there is a subscription that could be ended.
      const stop = new Subject<void>();
      const held: number[] = [];
      const told = new Told(watched.source.pipe(make(time), takeUntil(stop)), (count) => {
        if (count < last) return;
        stop.next();
        held.push(watched.subscribed - watched.letGo, time.open);
      });
      watched.push(...given);
      if (isTimed) time.flush();
      expect(told).toMatchObject({ values: { length: last }, ended: 'complete' });
      expect(held).toEqual([0, 0]);
      watched.push(...given);
      time.flush();
      expect(told.values).toHaveLength(last);
      expect(watched.letGo).toBe(watched.subscribed);
    }
  });

  it('inside a synchronous burst, draws nothing more from the source', () => {
    if (isTimed) {
      expectTimedToStop(make, given);
      return;
    }
    let drawn = 0;
    function* burst(): Generator<never> {
      for (;;)
        for (const value of given) {
          drawn++;
          if (drawn > 10_000) throw new Error('It never stops');
          yield value as never;
        }
    }
    for (let last = 1; last <= gives; last++) {
      drawn = 0;
      const time = new CountingScheduler();
      let drawnThen = -1;
      const told = new Told(from(burst()).pipe(make(time), take(last)), (count) => {
        if (count === last) drawnThen = drawn;
      });
      expect(told.values).toHaveLength(last);
      expect(told.ended).toBe('complete');
      expect(drawn).toBe(drawnThen);
      expect(drawn).toBeLessThanOrEqual(given.length);
      expect(time.open).toBe(0);
    }
  });

  it('after the end, has no timer left and says nothing more', () => {
    for (const end of ['complete', 'error'] as const) {
      const time = new CountingScheduler();
      const watched = new Watched();
      const told = new Told(watched.source.pipe(make(time)));
      watched.push(...given);
      if (end === 'complete') watched.complete();
      else watched.fail(new StreamError('malformed', 'No'));
      time.flush();
      expect(told.ended).toBeDefined();
      expect(watched.letGo).toBe(watched.subscribed);
      const { length } = told.values;
      told.subscription.unsubscribe();
      expect(time.open).toBe(0);
      expect(told.values).toHaveLength(length);
    }
  });
});

/** For what speaks when time passes: after a burst of the source, nothing more. */
function expectTimedToStop(make: OperatorCase['make'], given: readonly unknown[]): void {
  const time = new CountingScheduler();
  const told = new Told(from([...given, ...given] as never[]).pipe(make(time)));
  const { length } = told.values;
  told.subscription.unsubscribe();
  time.flush();
  expect(told.values).toHaveLength(length);
  expect(time.open).toBe(0);
}

describe('a retry that waits', () => {
  const broken = new StreamError('network', 'The connection broke');

  it.each([
    ['retryBeforeOutput', retryBeforeOutput, []],
    ['retryWithReset', retryWithReset, ANSWER.slice(0, 5)],
  ] as const)(
    'in %s, is given up by unsubscribing: no timer is left, nobody asks again',
    (_, make, before) => {
      const time = new CountingScheduler();
      let asked = 0;
      const failing = new Observable<StreamEvent>((subscriber) => {
        asked++;
        for (const event of before) subscriber.next(event);
        subscriber.error(broken);
      });
      const told = new Told(failing.pipe(make({}, time)));
      expect(time.open).toBe(1);
      told.subscription.unsubscribe();
      expect(time.open).toBe(0);
      time.flush();
      expect(asked).toBe(1);
      expect(told.values).toEqual(before);
      expect(told.ended).toBeUndefined();
    },
  );

  it.each([
    ['retryBeforeOutput', retryBeforeOutput],
    ['retryWithReset', retryWithReset],
  ] as const)('in %s, leaves one subscription at a time, and none in the end', (_, make) => {
    const time = new CountingScheduler();
    let [open, most] = [0, 0];
    const failing = new Observable<StreamEvent>((subscriber) => {
      most = Math.max(most, ++open);
      subscriber.add(() => open--);
      subscriber.error(broken);
    });
    const told = new Told(failing.pipe(make({}, time)));
    time.flush();
    expect(told.ended).toBe(broken);
    expect({ open, most, timers: time.open }).toEqual({ open: 0, most: 1, timers: 0 });
    expect(time.set).toBeGreaterThan(0);
  });
});

describe('streamTimeout', () => {
  it('without limits, sets no timer and says nothing for as long as the source is silent', () => {
    const time = new CountingScheduler();
    const watched = new Watched();
    const told = new Told((watched.source as Observable<StreamEvent>).pipe(streamTimeout({}, time)));
    time.pass(100);
    expect(told).toMatchObject({ values: [], ended: undefined });
    expect({ letGo: watched.letGo, timers: time.set }).toEqual({ letGo: 0, timers: 0 });
    told.subscription.unsubscribe();
    expect(watched.letGo).toBe(1);
  });

  it('lets the source go before it says that time is up', () => {
    const time = new CountingScheduler();
    const watched = new Watched();
    let letGo = -1;
    watched.source.pipe(streamTimeout({ idle: 5 }, time)).subscribe({ error: () => (letGo = watched.letGo) });
    time.flush();
    expect(letGo).toBe(1);
    expect(time.open).toBe(0);
  });
});

describe('runTools', () => {
  it('lets go what runs a tool, and begins no other', () => {
    let [open, begun] = [0, 0];
    const running = new Observable<never>((subscriber) => {
      begun++;
      open++;
      subscriber.add(() => open--);
    });
    const time = new CountingScheduler();
    const watched = new Watched();
    const options = { concurrency: 1, timeout: 1_000 };
    const told = new Told(watched.source.pipe(runTools({ draw: () => running }, options, time)));
    watched.push(...ANSWER);
    expect({ begun, open, timers: time.open }).toEqual({ begun: 1, open: 1, timers: 1 });
    told.subscription.unsubscribe();
    expect({ begun, open, timers: time.open }).toEqual({ begun: 1, open: 0, timers: 0 });
  });
});

describe('stopOn', () => {
  it('lets its notifier go with the source', () => {
    const notifier = new Subject<void>();
    const watched = new Watched();
    const told = new Told((watched.source as Observable<StreamEvent>).pipe(stopOn(notifier)));
    expect(notifier.observed).toBe(true);
    told.subscription.unsubscribe();
    expect(notifier.observed).toBe(false);
  });
});

describe('shareSnapshot', () => {
  it('lets the source go with its last subscriber, unless it is to go on', () => {
    const watched = new Watched();
    const shared = watched.source.pipe(shareSnapshot());
    const [one, other] = [new Told(shared), new Told(shared)];
    one.subscription.unsubscribe();
    expect(watched).toMatchObject({ subscribed: 1, letGo: 0 });
    other.subscription.unsubscribe();
    expect(watched).toMatchObject({ subscribed: 1, letGo: 1 });

    const kept = new Watched();
    new Told(kept.source.pipe(shareSnapshot({ keepAlive: true }))).subscription.unsubscribe();
    expect(kept).toMatchObject({ subscribed: 1, letGo: 0 });
    kept.complete();
    expect(kept.letGo).toBe(1);
  });
});
