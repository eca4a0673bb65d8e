import { from } from 'rxjs';
import type { Codec } from '../../../src/codecs/codec.js';
import { policed, type DecodeOptions } from '../../../src/codecs/policed.js';
import type { Skip } from '../../../src/codecs/skip.js';
import { isStreamError, type StreamError } from '../../../src/errors/streamError.js';
import type { Block } from '../../../src/events/block.js';
import type { StreamEvent } from '../../../src/events/event.js';
import * as events from '../../../src/events/make.js';
import type { Message } from '../../../src/events/message.js';
import type { ToolCall } from '../../../src/fold/calls/toolInput.js';
import { accumulateBlocks } from '../../../src/operators/accumulateBlocks.js';
import { toMessage } from '../../../src/operators/toMessage.js';
import { toToolCalls } from '../../../src/operators/toToolCalls.js';
import { untilTerminal } from '../../../src/operators/untilTerminal.js';
import type { Frame } from '../../../src/wire/frame.js';
import { isThorough } from '../../thorough.js';
import { framesOf } from '../conformance/spelling.js';

/** Each suite has at least so many variants of each codec, or it says too little. */
export const LEAST = 200;

const HELLO: readonly StreamEvent[] = [
  events.messageStart({ id: 'msg_1', model: 'model-1', usage: { input_tokens: 5, output_tokens: 1 } }),
  events.thinkingStart(0),
  events.thinkingDelta(0, ''),
  events.thinkingDelta(0, 'A greeting,'),
  events.thinkingDelta(0, '\twithout doubt.'),
  events.signatureDelta(0, 'c2ln'),
  events.blockStop(0),
  events.textStart(1),
  events.textDelta(1, ''),
  events.textDelta(1, 'Good '),
  events.ping(),
  events.textDelta(1, 'morning.\nHow'),
  events.textDelta(1, ' are you?'),
  events.blockStop(1),
  events.messageDelta('end_turn', { output_tokens: 9, input_tokens: 5 }),
  events.messageStop(),
];

const CALLS: readonly StreamEvent[] = [
  events.messageStart({ id: 'msg_2', model: 'model-1', usage: { input_tokens: 7, output_tokens: 1 } }),
  events.textStart(0),
  events.textDelta(0, 'I shall look'),
  events.textDelta(0, ' it up.'),
  events.blockStop(0),
  events.toolUseStart(1, 'call_1', 'find'),
  events.inputJsonDelta(1, ''),
  events.inputJsonDelta(1, '{"city":"Ber'),
  events.inputJsonDelta(1, 'gen","n":12}'),
  events.blockStop(1),
  events.toolUseStart(2, 'call_2', 'find'),
  events.inputJsonDelta(2, '{"city":'),
  events.inputJsonDelta(2, '"Oslo"}'),
  events.blockStop(2),
  events.toolUseStart(3, 'call_3', 'now'),
  events.blockStop(3),
  events.messageDelta('tool_use', { output_tokens: 42, input_tokens: 7 }),
  events.messageStop(),
];

/** The frames of whole answers in a protocol: thinking and text, and text with three calls. */
export function answersIn(codec: Codec): readonly (readonly Frame[])[] {
  return [HELLO, CALLS].map((answer) => framesOf(codec, answer));
}

/** What comes of frames. */
export interface Outcome {
  readonly message: Message | undefined;
  readonly blocks: readonly Block[];
  readonly calls: readonly ToolCall[];
  readonly error: StreamError | undefined;
  readonly skips: readonly Skip[];
}

/** What comes of the frames of one answer, by three operators. */
export function outcomeOf(codec: Codec, frames: readonly Frame[], options: DecodeOptions = {}): Outcome {
  const skips: Skip[] = [];
  const decoder = policed(codec, { ...options, onSkip: (skip) => skips.push(skip) });
  const arrived: StreamEvent[] = [];
  let error: unknown;
  try {
    for (const frame of frames) arrived.push(...decoder.next(frame));
    arrived.push(...decoder.end());
  } catch (failure) {
    error = failure;
  }
  const source = from(arrived).pipe(untilTerminal());
  const calls: ToolCall[] = [];
  source.pipe(toToolCalls()).subscribe({ next: (call) => calls.push(call), error: () => undefined });
  let blocks: readonly Block[] = [];
  source.pipe(accumulateBlocks()).subscribe({ next: (all) => (blocks = all), error: () => undefined });
  let message: Message | undefined;
  source.pipe(toMessage()).subscribe({
    next: (whole) => (message = whole),
    error: (failure: unknown) => (error ??= failure),
  });
  if (error === undefined || isStreamError(error)) return { message, blocks, calls, error, skips };
  throw new Error('It failed with an error that is not of the library', { cause: error });
}

/** A stream that is not as it should be. */
export interface Variant {
  readonly what: string;
  readonly frames: readonly Frame[];
}

/** Those that there is time for: on CI some 300, otherwise some 30. There are enough of them, or it throws. */
export function timely<V>(variants: readonly V[]): readonly V[] {
  if (variants.length < LEAST) {
    throw new Error(
      `There are only ${variants.length} variants, not ${LEAST}: name more members in OPTIONAL of members.test.ts, or lengthen the answers of variants.ts`,
    );
  }
  const step = Math.max(1, Math.floor(variants.length / (isThorough ? 300 : 30)));
  return variants.filter((_, at) => at % step === 0);
}

/** The frames with others in place of `count` of them. */
export function spliced(
  frames: readonly Frame[],
  at: number,
  count: number,
  ...others: readonly Frame[]
): readonly Frame[] {
  return [...frames.slice(0, at), ...others, ...frames.slice(at + count)];
}

/** A value without its members that are absent, `null` or empty. */
export function said(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(said);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, member]) => [name, said(member)] as const);
  return Object.fromEntries(members.filter(([, member]) => !isEmpty(member)));
}

export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
