import type { AnyContentBlock, TextBlock, ThinkingBlock, ToolUseBlock } from '../src/events/block.js';
import { StreamError } from '../src/errors/streamError.js';
import type { CallOf } from '../src/fold/message/callOf.js';
import type { JsonGrowth } from '../src/json/growth.js';
import { createJsonReader } from '../src/json/jsonReader.js';
import type { Message } from '../src/events/message.js';
import { alphabet } from './alphabet.js';

/** What block 0 of the alphabet is, as far as it has come. */
export function text(text: string): TextBlock {
  return { type: 'text', text, citations: null };
}

/** What block 0 of the alphabet is where it is thinking. */
export function thinking(thinking: string, signature = ''): ThinkingBlock {
  return { type: 'thinking', thinking, signature };
}

/** What block 1 of the alphabet is: a call. */
export function weather(input: unknown): ToolUseBlock {
  return { type: 'tool_use', id: 'toolu_1', name: 'get_weather', input, caller: { type: 'direct' } };
}

/** What block 1 of the alphabet is where no version of ours knows it. */
export const hologram = { type: 'hologram', depth: 3 } as const;

/** A block while it grows. */
export function streaming(index: number, content: object): object {
  return { ...content, index, status: 'streaming' };
}

/** A block that is whole. */
export function complete(index: number, content: object): object {
  return { ...content, index, status: 'complete' };
}

/** A block that will never be whole. */
export function aborted(index: number, content: object, reason: string): object {
  return { ...content, index, status: 'aborted', reason };
}

/** The call in block 1 with an input that is no JSON. */
export function invalidWeather(raw: string): object {
  const reason = jsonFailure(raw).message;
  return { ...weather({ INVALID_JSON: raw }), index: 1, status: 'invalid', raw, reason };
}

/** Which call stands in block 1 of the alphabet. */
export const weatherCall: CallOf<'get_weather'> = {
  type: 'tool_use',
  index: 1,
  id: 'toolu_1',
  name: 'get_weather',
};

/** The input of the alphabet's call while it is read. */
export function reading(json: string, input: unknown, growth: readonly JsonGrowth[] = []): object {
  return { ...weatherCall, status: 'partial', json, input, growth };
}

/** The input of the alphabet's call when it is whole. */
export function wholeInput(json: string, input: unknown): object {
  return { ...weatherCall, status: 'complete', json, input, growth: [] };
}

/** The input of the alphabet's call that will never be what it was to be. */
export function invalidInput(
  json: string,
  input: unknown,
  error: StreamError,
  growth: readonly JsonGrowth[] = [],
): object {
  return { ...weatherCall, status: 'invalid', json, input, growth, error };
}

/** What is wrong with the input of a call that is no JSON. */
export function noJson(...pieces: readonly string[]): StreamError {
  const cause = jsonFailure(...pieces);
  const raw = pieces.join('');
  return new StreamError('tool-input', `The input is not JSON: ${cause.message}`, { raw, cause });
}

/** What is wrong with a reply that is no JSON, or ends before its JSON does. */
export function noReply(code: 'malformed' | 'truncated', partial: unknown, ...pieces: string[]): StreamError {
  const cause = jsonFailure(...pieces);
  const message = code === 'malformed' ? 'The text is not JSON' : 'The text ended before its JSON';
  // Of a text that begins otherwise, nothing is read.
  const isProse = code === 'malformed' && partial === undefined;
  const advice = isProse ? ". With prose: 'skip', text around the JSON is left out" : '';
  return new StreamError(code, `${message}: ${cause.message}${advice}`, { cause, partial });
}

/** What is wrong with a call that the reply was cut off inside, or may have been. */
export function cutOff(json: string | undefined, reason: string): StreamError {
  return new StreamError('truncated', reason, { raw: json });
}

/** The message of the alphabet's `m`, with this content. */
export function message(...content: readonly (AnyContentBlock | typeof hologram)[]): Message {
  return { ...alphabet.m.message, content: content as AnyContentBlock[] };
}

/** The message after it was told how it ends. */
export function ended(
  { usage, ...message }: Message,
  stop_reason: Message['stop_reason'],
  output_tokens: number,
): Message {
  return { ...message, stop_reason, usage: { ...usage, output_tokens } };
}

/** Why a text is no JSON that comes in these pieces. */
export function jsonFailure(...pieces: readonly string[]): StreamError {
  const reader = createJsonReader();
  try {
    for (const piece of pieces) reader.write(piece);
    reader.end();
  } catch (error) {
    if (error instanceof StreamError) return error;
  }
  throw new Error(`This is JSON: ${pieces.join('')}`);
}
