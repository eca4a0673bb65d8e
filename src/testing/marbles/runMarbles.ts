import { TestScheduler, type RunHelpers } from 'rxjs/testing';
import type { StreamEvent } from '../../events/event.js';
import { alphabet, connectionLost } from '../letters/alphabet.js';
import { deepFreeze } from '../letters/freeze.js';
import { valuesOf, type Letters } from '../letters/letters.js';
import { Expectations, here } from './expectations.js';
import { llmSources } from './llm.js';
import type { MarbleRun, ObservableExpectation, RunMarblesOptions } from './marbleRun.js';
import { Watch } from './watch.js';

/**
 * Runs a test in virtual time, with RxJS's `TestScheduler` and the events of an LLM as letters. It works with
 * any test runner, and without one: where something is not as expected, it throws a plain `Error` whose message has both
 * rows of marbles, what their letters stand for, and the first value that differs, with the path to it.
 *
 * ```ts
 * import { dropPings } from 'rxjs-llm-stream';
 * import { runMarbles } from 'rxjs-llm-stream/testing';
 *
 * it('drops pings', () =>
 *   runMarbles(({ llm, expectObservable, expectSubscriptions }) => {
 *     const source = llm('m-p-o-t-p-c-s-z|');
 *     expectObservable(source.pipe(dropPings())).toBe('m---o-t---c-s-z|');
 *     expectSubscriptions(source.subscriptions).toBe('^---------------!');
 *   }));
 * ```
 *
 * Values are compared strictly, errors by class, code and all their fields. A letter without a value is an
 * error, and so is an expectation without `toBe`. The values of letters are frozen where they are plain objects and
 * arrays: an operator that writes to what it received throws.
 *
 * @param test - builds the sources and says what is expected; it runs synchronously
 * @param options - further letters, what `#` stands for, how long time runs
 * @returns what the test returns
 * @throws Error where something is not as expected, and whatever the test throws
 */
export function runMarbles<T>(test: (run: MarbleRun) => T, options: RunMarblesOptions = {}): T {
  const { maxTime = ONE_HOUR } = options;
  const expectations = new Expectations();
  const scheduler = new TestScheduler(expectations.compare);
  return scheduler.run((helpers) => {
    scheduler.maxFrames = maxTime;
    const run = marbleRun(helpers, expectations, options);
    const result = test(run);
    if (isThenable(result)) {
      throw new Error('The test function must not be async: virtual time runs only while it does');
    }
    run.flush();
    expectations.close();
    return result;
  });
}

const ONE_HOUR = 3_600_000;

function marbleRun(
  helpers: RunHelpers,
  expectations: Expectations,
  { events, values, error: runError, checkMutation = true }: RunMarblesOptions,
): MarbleRun {
  const error = runError ?? connectionLost;
  const known = deepFreeze<Readonly<Record<string, StreamEvent>>>({ ...alphabet, ...events });
  const letters = deepFreeze<Letters>({ ...known, ...values });

  const lettered = <V>(marbles: string, own: Readonly<Record<string, V>> | undefined) =>
    own && valuesOf(marbles, deepFreeze(own));

  const expectObservable: MarbleRun['expectObservable'] = (observable, subscription) => {
    const watch = checkMutation ? new Watch() : undefined;
    const expectation = expectations.add({ name: 'expectObservable', watch });
    const watched = watch ? observable.pipe(watch.on()) : observable;
    const expected = helpers.expectObservable(watched, subscription);
    const toBe: ObservableExpectation['toBe'] = (marbles, own = {}, failure = error) => {
      const drawn = valuesOf(marbles, { ...letters, ...deepFreeze(own) });
      expected.toBe(marbles, drawn, failure);
      Object.assign(expectation, { letters: { ...drawn, ...letters, ...own }, place: here(toBe) });
    };
    const toEqual: ObservableExpectation['toEqual'] = (other) => {
      expected.toEqual(other);
      Object.assign(expectation, { letters, place: here(toEqual) });
    };
    return { toBe, toEqual };
  };

  const expectSubscriptions: MarbleRun['expectSubscriptions'] = (subscriptions) => {
    const expectation = expectations.add({ name: 'expectSubscriptions' });
    const expected = helpers.expectSubscriptions(subscriptions);
    const toBe = (marbles: string | readonly string[]): void => {
      expected.toBe(typeof marbles === 'string' ? marbles : [...marbles]);
      expectation.place = here(toBe);
    };
    return { toBe };
  };

  return {
    llm: llmSources(helpers, known, error),
    cold: (marbles, own, failure = error) => helpers.cold(marbles, lettered(marbles, own), failure),
    hot: (marbles, own, failure = error) => helpers.hot(marbles, lettered(marbles, own), failure),
    expectObservable,
    expectSubscriptions,
    flush: () => {
      helpers.flush();
      expectations.report();
    },
    time: helpers.time,
    animate: helpers.animate,
    alphabet,
  };
}

function isThenable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
