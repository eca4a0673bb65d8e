import { lastValueFrom, toArray, type Observable, type OperatorFunction } from 'rxjs';
import {
  abortOpenBlocks,
  accumulateBlocks,
  accumulateJson,
  accumulateMessage,
  accumulateToolCalls,
  accumulateToolInput,
  accumulateUsage,
  checkProtocol,
  dropPings,
  retryBeforeOutput,
  retryWithReset,
  streamTimeout,
  sumUsage,
  textDeltas,
  toArrayElements,
  toBlocks,
  toMessage,
  toText,
  toToolCalls,
  untilTerminal,
  type StreamEvent,
} from '../../src/index.js';

/** What operators make of an answer. */
const READINGS: Readonly<Record<string, OperatorFunction<StreamEvent, unknown>>> = {
  abortOpenBlocks: abortOpenBlocks(),
  accumulateBlocks: accumulateBlocks(),
  accumulateJson: (source) => source.pipe(textDeltas(), accumulateJson()),
  accumulateMessage: accumulateMessage(),
  accumulateToolCalls: accumulateToolCalls(),
  accumulateToolInput: accumulateToolInput(),
  accumulateUsage: accumulateUsage(),
  checkProtocol: checkProtocol(),
  dropPings: dropPings(),
  retryBeforeOutput: retryBeforeOutput(),
  retryWithReset: retryWithReset(),
  streamTimeout: streamTimeout({ firstToken: 60_000, idle: 60_000, total: 60_000 }),
  sumUsage: sumUsage(),
  textDeltas: textDeltas(),
  toArrayElements: (source) => source.pipe(textDeltas(), toArrayElements({ path: ['places'] })),
  toBlocks: toBlocks(),
  toMessage: toMessage(),
  toText: toText(),
  toToolCalls: toToolCalls(),
  untilTerminal: untilTerminal(),
};

/** The names of what {@link read} reads. */
export const OPERATORS = Object.keys(READINGS);

/** All that comes out of an operator, as JSON; of the source itself, where none is named. */
export async function read(source: Observable<StreamEvent>, operator?: string): Promise<string> {
  const reading = operator === undefined ? undefined : READINGS[operator];
  if (operator !== undefined && reading === undefined) throw new Error(`There is no reading ${operator}`);
  const values = reading === undefined ? source : source.pipe(reading);
  return JSON.stringify(await lastValueFrom(values.pipe(toArray())));
}
