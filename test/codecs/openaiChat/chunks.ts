import { policed, type DecodeOptions } from '../../../src/codecs/policed.js';
import type { Skip } from '../../../src/codecs/skip.js';
import type { StreamEvent } from '../../../src/events/event.js';
import { openaiChat } from '../../../src/openai.js';
import type { Frame } from '../../../src/wire/frame.js';
import { answersIn, type Answer } from '../conformance/answerIn.js';
import { flaws } from '../conformance/wellFormed.js';

export const DONE = '[DONE]';

/** What a stream may hold: a value, the text of one, or a frame. */
export type Sent = object | string;

const HEAD = { id: 'c1', object: 'chat.completion.chunk', created: 0, model: 'm-1' };

/** A chunk of the one answer. */
export function chunk(delta: object | null, more: object = {}, choice: object = {}): object {
  return { ...HEAD, choices: [{ index: 0, delta, finish_reason: null, ...choice }], ...more };
}

export function text(content: string): object {
  return chunk({ content });
}

export function call(...calls: readonly object[]): object {
  return chunk({ tool_calls: calls });
}

export function reason(finish_reason: string | null, choice: object = {}): object {
  return chunk({}, {}, { finish_reason, ...choice });
}

/** The chunk without choices that says what an answer cost. */
export function counted(usage: object): object {
  return { ...HEAD, choices: [], usage };
}

/** What comes of a stream. */
export interface Outcome {
  readonly events: readonly StreamEvent[];
  readonly answers: readonly Answer[];
  readonly skips: readonly Skip[];
}

/** Reads a stream to its end. Its events are in order, or the test fails. */
export function read(sent: readonly Sent[], options: DecodeOptions = {}): Outcome {
  const skips: Skip[] = [];
  const decoder = policed(openaiChat, { ...options, onSkip: (skip) => skips.push(skip) });
  const events = [...sent.map(frameOf).flatMap((frame) => decoder.next(frame)), ...decoder.end()];
  expect(flaws(events)).toEqual([]);
  return { events, answers: answersIn(events), skips };
}

/** The one answer of a stream that ends at `[DONE]`. */
export function answerTo(...sent: readonly Sent[]): Answer {
  const { answers } = read([...sent, DONE]);
  const [answer] = answers;
  if (answer === undefined || answers.length > 1) throw new Error(`There are ${answers.length} answers`);
  return answer;
}

/** The blocks of an answer, without members that say nothing. */
export function contentOf({ message }: Answer): readonly object[] {
  return (message?.content ?? []).map((block) =>
    Object.fromEntries(
      Object.entries(block).filter(([name, value]) => name !== 'caller' && value !== null && value !== ''),
    ),
  );
}

function frameOf(sent: Sent): Frame {
  if (typeof sent === 'string') return { data: sent };
  return 'data' in sent && typeof sent.data === 'string' ? (sent as Frame) : { data: JSON.stringify(sent) };
}
