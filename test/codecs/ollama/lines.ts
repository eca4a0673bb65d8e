import type { StreamEvent } from '../../../src/events/event.js';
import { policed, type DecodeOptions } from '../../../src/codecs/policed.js';
import { ollama } from '../../../src/ollama.js';

const HEADING = { model: 'm', created_at: '2026-01-01T00:00:00Z' };

/** A line of `/api/chat`. */
export function chat(message: object, more: object = {}): object {
  return { ...HEADING, message: { role: 'assistant', content: '', ...message }, done: false, ...more };
}

/** A line of `/api/generate`. */
export function generation(response: string, more: object = {}): object {
  return { ...HEADING, response, done: false, ...more };
}

/** The last line of an answer of `/api/chat`. */
export function last(more: object = {}): object {
  return chat({}, { done: true, done_reason: 'stop', prompt_eval_count: 9, eval_count: 5, ...more });
}

/** The events of a whole stream of lines. */
export function read(...lines: readonly (object | string)[]): readonly StreamEvent[] {
  return readWith({}, ...lines);
}

/** As {@link read}, with policies. */
export function readWith(
  options: DecodeOptions,
  ...lines: readonly (object | string)[]
): readonly StreamEvent[] {
  const decoder = policed(ollama, options);
  const texts = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)));
  return [...texts.flatMap((data) => decoder.next({ data })), ...decoder.end()];
}
