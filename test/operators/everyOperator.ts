import { Subject, type OperatorFunction, type SchedulerLike } from 'rxjs';
import { fileOf, operators, sheetsNamed } from '../../marbles/gallery/catalogue.js';
import type { AnyOperator } from '../../marbles/kit/sheet.js';
import type { StreamEvent } from '../../src/events/event.js';
import * as events from '../../src/events/make.js';
import { CountingScheduler } from './countingScheduler.js';

/** An answer with a bit of everything, whole. */
export const ANSWER: readonly StreamEvent[] = [
  events.messageStart({ id: 'msg_1' }),
  events.ping(),
  events.textStart(0),
  events.textDelta(0, 'Hel'),
  events.textDelta(0, 'lo'),
  events.blockStop(0),
  events.toolUseStart(1, 'toolu_1', 'draw'),
  events.inputJsonDelta(1, '{"x":1,'),
  events.inputJsonDelta(1, '"y":[2,3]}'),
  events.blockStop(1),
  events.toolUseStart(2, 'toolu_2', 'draw'),
  events.inputJsonDelta(2, '{}'),
  events.blockStop(2),
  events.messageDelta('tool_use', { output_tokens: 7 }),
  events.messageStop(),
];

/** A reply that is JSON and never ends, piece by piece. */
export const LIST: readonly string[] = ['[1,2,3,', '4,5,6,', '7,8,9,'];

/** An operator, and what it makes something of. */
export interface OperatorCase {
  readonly make: (scheduler: SchedulerLike) => OperatorFunction<never, unknown>;
  readonly given: readonly unknown[];
  /** How many values to wait for: 2, or 1 of an operator that gives no more. */
  readonly gives: number;
  /** Whether some of them come only when time passes. */
  readonly isTimed: boolean;
}

/** Every operator of the library, by its name: made as its sheet says, and given what its picture begins with. */
export const OPERATORS: Readonly<Record<string, OperatorCase>> = await everyOperator();

async function everyOperator(): Promise<Record<string, OperatorCase>> {
  const cases: Record<string, OperatorCase> = {};
  for (const { operator, usual, flows = [], given: own } of await sheetsNamed(operators)) {
    // Those that read what a network brings have tests of their own.
    if (/^(?:HttpClient|connections)$/.test(flows[0] ?? '')) continue;
    const make = usual ?? (await called(operator));
    const given = own ?? (flows[0] === 'events' ? ANSWER : LIST);
    cases[operator] = { make, given, ...paceOf(make, given) };
  }
  return cases;
}

/** The operator of that file, called without arguments. */
async function called(operator: string): Promise<() => AnyOperator> {
  const module = (await import(/* @vite-ignore */ fileOf(operator).href)) as Record<
    string,
    () => AnyOperator
  >;
  const make = module[operator];
  if (make === undefined) throw new Error(`${fileOf(operator).pathname} exports no ${operator}`);
  return make;
}

/** @throws Error where nothing comes out: the tests that wait for values would then show nothing */
function paceOf(
  make: OperatorCase['make'],
  given: readonly unknown[],
): Pick<OperatorCase, 'gives' | 'isTimed'> {
  const time = new CountingScheduler();
  const source = new Subject<never>();
  let values = 0;
  source.pipe(make(time)).subscribe({ next: () => values++, error: () => undefined });
  for (const value of given) source.next(value as never);
  const atOnce = values;
  time.flush();
  if (values === 0) throw new Error('Nothing comes out of an operator, whatever it is given');
  const gives = Math.min(2, values);
  return { gives, isTimed: atOnce < gives };
}
