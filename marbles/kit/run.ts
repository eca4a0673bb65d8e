import { defer, NEVER, type Observable } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { valuesOf, type Letters } from '../../src/testing/letters/letters.js';
import type { MarbleRun } from '../../src/testing/marbles/marbleRun.js';
import { span, timeline, type Span } from '../../src/testing/letters/notation.js';
import { runMarbles } from '../../src/testing/marbles/runMarbles.js';
import type { AnyOperator, DrawnErrors, Sheet } from './sheet.js';
import { staircase, type Staircase, type Step } from './staircase.js';

/** A drawing with everything that it needs to run. */
export interface Runnable {
  readonly drawing: string;
  readonly operators: Sheet['operators'];
  readonly letters: Letters;
  readonly errors: Required<DrawnErrors>;
  /** A drawing whose source flows through the same operators before all runs but the first. */
  readonly before?: string;
}

interface Round {
  readonly name: string;
  /** How much of another stream has flowed here just before. */
  readonly after: 'nothing' | 'all' | 'half';
  readonly subscribers: number;
  /** Whether values are looked into as they come; else only when all is over. */
  readonly watched: boolean;
}

/** State outside a subscription shows after the first; a snapshot that changes, read late or as it comes. */
const ROUNDS: readonly Round[] = [
  { name: 'in the first run', after: 'nothing', subscribers: 1, watched: false },
  { name: 'after another stream', after: 'all', subscribers: 1, watched: true },
  { name: 'after a stream that was left in the middle', after: 'half', subscribers: 1, watched: true },
  { name: 'for two subscribers at once', after: 'nothing', subscribers: 2, watched: true },
];

/**
 * Runs a drawing by {@link runMarbles}, one step of the staircase after the other, each several times on the same
 * operator and the same `Observable`. Each row is what the source and every operator down to it give.
 *
 * @throws Error with both rows and the first difference, where what happens is not what is drawn
 */
export function run(runnable: Runnable): void {
  const drawn = staircase(runnable.drawing);
  drawn.steps.forEach((step, nth) => {
    const operators = drawn.steps
      .slice(0, nth + 1)
      .map(({ operator }) => named(operator, runnable.operators));
    let source: Observable<unknown> = NEVER;
    // A source lives in one TestScheduler; what is piped to it outlives them all.
    const output = pipeAll(
      defer(() => source),
      operators,
    );
    for (const round of ROUNDS) {
      const begin = (next: Observable<unknown>): Observable<unknown> => ((source = next), output);
      if (round.after !== 'nothing') use(runnable, round.after, begin);
      play(drawn, step, round, runnable, begin);
    }
  });
}

function named(words: string, operators: Sheet['operators']): AnyOperator {
  const make = operators[words];
  if (!make) throw new Error(`The sheet has no operator named: ${words}`);
  return make();
}

function pipeAll(source: Observable<unknown>, operators: readonly AnyOperator[]): Observable<unknown> {
  return operators.reduce((above, operator) => operator(above as Observable<never>), source);
}

/** Lets the other stream flow, and looks away. */
function use(
  { before, letters, errors }: Runnable,
  amount: 'all' | 'half',
  begin: (source: Observable<unknown>) => Observable<unknown>,
): void {
  if (before === undefined) return;
  const { source, temperature } = staircase(before);
  const middle = `${'-'.repeat(timeline(source).length / 2)}!`;
  const values = valuesOf(source, letters);
  new TestScheduler(() => undefined).run(({ cold, hot, expectObservable }) => {
    const make = temperature === 'hot' ? hot : cold;
    const output = begin(make(source, values, errors.source));
    expectObservable(output, amount === 'half' ? middle : undefined);
  });
}

function play(
  { source: top, temperature }: Staircase,
  step: Step,
  round: Round,
  { letters, errors }: Runnable,
  begin: (source: Observable<unknown>) => Observable<unknown>,
): void {
  const test = ({ cold, hot, expectObservable, expectSubscriptions, flush }: MarbleRun): void => {
    const make = temperature === 'hot' ? hot : cold;
    const source = make(top, valuesOf(top, letters), errors.source);
    const subscribers = Array.from({ length: round.subscribers }, () => begin(source));
    for (const output of subscribers) {
      const expected = expectObservable(output, step.unsubscribe);
      expected.toBe(step.row, valuesOf(step.row, letters), errors.output);
    }
    if (step.subscriptions.length > 0) {
      expectSubscriptions(source.subscriptions).toBe(subscribers.flatMap(() => step.subscriptions));
    }
    flush();
    if (step.subscriptions.length === 0) refuseLate(source.subscriptions, endOf(step));
  };
  try {
    runMarbles(test, { values: letters, checkMutation: round.watched, maxTime: Infinity });
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : String(cause);
    const error = new Error(`> ${step.operator}, ${round.name}\n${what}`, { cause });
    // The way through this file and the scheduler tells nobody anything.
    Error.captureStackTrace(error, run);
    throw error;
  }
}

/** Where no subscription is drawn, none may at least outlive what is drawn. */
function refuseLate(seen: readonly Span[], end: number): void {
  if (seen.every(({ unsubscribedFrame }) => unsubscribedFrame <= end)) return;
  throw new Error(`the source is still subscribed after frame ${end}, when the subscriber is done with it`);
}

function endOf({ row, unsubscribe }: Step): number {
  const last = timeline(row).marks.find(({ symbol }) => symbol === '|' || symbol === '#');
  return Math.min(
    last?.frame ?? Infinity,
    unsubscribe === undefined ? Infinity : span(unsubscribe).unsubscribedFrame,
  );
}
