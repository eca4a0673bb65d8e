import type { AnyContentBlock, TextBlock, ThinkingBlock, ToolUseBlock } from '../src/block.js';
import { createJsonReader } from '../src/json/reader.js';
import type { AnyMessage } from '../src/message.js';
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
  return { ...weather({ INVALID_JSON: raw }), index: 1, status: 'invalid', raw, reason: reasonOf(raw) };
}

/** The message of the alphabet's `m`, with this content. */
export function message(...content: readonly (AnyContentBlock | typeof hologram)[]): AnyMessage {
  return { ...alphabet.m.message, content: content as AnyContentBlock[] };
}

/** The message after it was told how it ends. */
export function ended(
  { usage, ...message }: AnyMessage,
  stop_reason: AnyMessage['stop_reason'],
  output_tokens: number,
): AnyMessage {
  return { ...message, stop_reason, usage: { ...usage, output_tokens } };
}

/** Why this is no JSON. */
function reasonOf(json: string): string {
  const reader = createJsonReader();
  try {
    reader.write(json);
    reader.end();
  } catch (error) {
    if (error instanceof Error) return error.message;
  }
  throw new Error(`This is JSON: ${json}`);
}
