import {
  concat,
  lastValueFrom,
  mergeAll,
  NEVER,
  of,
  toArray,
  VirtualTimeScheduler,
  type Observable,
  type OperatorFunction,
} from 'rxjs';
import * as library from '../../src/index.js';
import * as text from '../../src/text.js';
import type { StreamEvent } from '../../src/index.js';

type Reading = OperatorFunction<StreamEvent, unknown>;

/** Operators that take more than events, or nothing of which an answer without time makes something. */
const READINGS: Readonly<Record<string, Reading | undefined>> = {
  // A clock that stands still, here and below: no two machines measure the same.
  accumulateMetrics: library.accumulateMetrics(new VirtualTimeScheduler()),
  accumulateJson: (source) => source.pipe(library.textDeltas(), library.accumulateJson()),
  branch: library.branch(library.toText(), {}),
  byLane: (source) => source.pipe(library.byLane(), mergeAll()),
  coalesce: library.coalesce({ within: 1 }, new VirtualTimeScheduler()),
  latestPerFrame: undefined,
  runTools: library.runTools({ plan_trip: () => 'planned' }),
  smoothText: undefined,
  stopOn: library.stopOn(NEVER),
  streamTimeout: library.streamTimeout({ firstToken: 60_000, idle: 60_000, total: 60_000 }),
  guardText: text.guardText([/plan\w*/]),
  toCodeFences: (source) =>
    concat(of('```md\n'), source.pipe(library.textDeltas())).pipe(text.toCodeFences()),
  toMarkdownBlocks: (source) => source.pipe(library.textDeltas(), text.toMarkdownBlocks()),
  toSentences: (source) => source.pipe(library.textDeltas(), text.toSentences({ locale: 'en' })),
  transformText: text.transformText(() => ({ next: (piece) => piece.toUpperCase(), end: () => '' })),
  toArrayElements: (source) =>
    source.pipe(library.textDeltas(), library.toArrayElements({ path: ['places'] })),
};

/** Whether {@link read} reads by the operator of that name. */
export function isRead(operator: string): boolean {
  return !(operator in READINGS) || READINGS[operator] !== undefined;
}

/** All that comes out of an operator, as JSON; of the source itself, where none is named. */
export async function read(source: Observable<StreamEvent>, operator?: string): Promise<string> {
  const values = operator === undefined ? source : source.pipe(readingOf(operator));
  return JSON.stringify(await lastValueFrom(values.pipe(toArray())));
}

function readingOf(operator: string): Reading {
  const make: unknown = Reflect.get({ ...library, ...text }, operator);
  if (typeof make !== 'function') throw new Error(`The library exports no ${operator}`);
  return READINGS[operator] ?? (make as () => Reading)();
}
