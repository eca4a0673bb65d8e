import { defer, NEVER, type Observable, tap } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { copyOf, difference, show } from './difference.js';
import { valuesOf, type Letters } from './letters.js';
import { parted, subscribedOtherwise, type Notice } from './mismatch.js';
import { span, timeline, type Span } from './notation.js';
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
 * Runs a drawing under `TestScheduler`, one step of the staircase after the other, each several times on the same
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
  const fail = (what: string | undefined): void => {
    if (what === undefined) return;
    const error = new Error(`> ${step.operator}, ${round.name}\n${what}`);
    // The way through this file and the scheduler tells nobody anything.
    Error.captureStackTrace(error, run);
    throw error;
  };
  const compare = (actual: Notice[], expected: Notice[]): void => fail(parted(expected, actual, letters));
  // Read before the run: to read a row runs a TestScheduler too, and within this run would take the clock from it.
  const [given, drawn] = [valuesOf(top, letters), valuesOf(step.row, letters)];
  new TestScheduler(compare).run(({ cold, hot, expectObservable, flush }) => {
    const make = temperature === 'hot' ? hot : cold;
    const source = make(top, given, errors.source);
    const watch = new Watch(round.watched);
    for (let nth = 0; nth < round.subscribers; nth++) {
      expectObservable(watch.on(begin(source)), step.unsubscribe).toBe(step.row, drawn, errors.output);
    }
    flush();
    fail(subscriptionsOf(step, round, source.subscriptions));
    fail(watch.changes());
  });
}

/** Where no subscription is drawn, none may at least outlive what is drawn. */
function subscriptionsOf(step: Step, round: Round, seen: readonly Span[]): string | undefined {
  if (step.subscriptions.length > 0) {
    const drawn = step.subscriptions.map(span);
    return subscribedOtherwise(Array.from({ length: round.subscribers }, () => drawn).flat(), seen);
  }
  const end = endOf(step);
  const late = seen.find(({ unsubscribedFrame }) => unsubscribedFrame > end);
  return late && `the source is still subscribed after frame ${end}, when the subscriber is done with it`;
}

function endOf({ row, unsubscribe }: Step): number {
  const last = timeline(row).marks.find(({ symbol }) => symbol === '|' || symbol === '#');
  return Math.min(
    last?.frame ?? Infinity,
    unsubscribe === undefined ? Infinity : span(unsubscribe).unsubscribedFrame,
  );
}

/** Remembers what was emitted as it was when it was emitted. */
class Watch {
  private readonly seen: { readonly value: unknown; readonly copy: unknown }[] = [];

  constructor(private readonly watching: boolean) {}

  on(output: Observable<unknown>): Observable<unknown> {
    return this.watching
      ? output.pipe(tap((value) => this.seen.push({ value, copy: copyOf(value) })))
      : output;
  }

  /** @returns the first value that is no longer as it was */
  changes(): string | undefined {
    for (const [nth, { value, copy }] of this.seen.entries()) {
      const found = difference(copy, value);
      if (!found) continue;
      return `value ${nth} changed after it was emitted, at ${found.path}: was ${show(found.expected)}, is ${show(found.actual)}`;
    }
    return undefined;
  }
}
