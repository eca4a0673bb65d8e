import type { OperatorFunction, SchedulerLike } from 'rxjs';
import type { OptionSpec, Options } from './options.js';
import { EVENTS } from './operators/events.js';
import { SNAPSHOTS } from './operators/snapshots.js';
import { TEXTS } from './operators/texts.js';

/** What flows between two operators. */
export type Flow = 'events' | 'text' | 'messages' | 'states' | 'values';

/** An operator of the catalogue. */
export interface OperatorSpec {
  readonly name: string;
  readonly entry: 'rxjs-llm-stream' | 'rxjs-llm-stream/text';
  /** What a reader sees happen, in a line. */
  readonly what: string;
  /** What it reads; `undefined` for anything. */
  readonly takes?: readonly Flow[];
  readonly gives: Flow | 'what it takes';
  readonly options: readonly OptionSpec[];
  /** Makes it, on the clock of a run. */
  make(options: Options, scheduler: SchedulerLike): OperatorFunction<never, unknown>;
  /** How code calls it. Default: its name, with its options as an object. */
  code?(options: Options): string;
  /** What else its code imports: names by module. */
  readonly imports?: Readonly<Record<string, readonly string[]>>;
}

/** All operators that make sense for the events of one stream, in groups as the README has them. */
export const CATALOGUE: readonly { readonly title: string; readonly operators: readonly OperatorSpec[] }[] = [
  { title: 'Events to events', operators: EVENTS },
  { title: 'Events to blocks, messages, calls, usage', operators: SNAPSHOTS },
  { title: 'Events to text, and text', operators: TEXTS },
];

const BY_NAME = new Map(CATALOGUE.flatMap(({ operators }) => operators).map((spec) => [spec.name, spec]));

/** The operator of that name. */
export function operatorNamed(name: string): OperatorSpec | undefined {
  return BY_NAME.get(name);
}
