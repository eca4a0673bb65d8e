import { claudeCode } from '../../../src/claude-code.js';
import { policed, type DecodeOptions } from '../../../src/codecs/policed.js';
import type { StreamEvent } from '../../../src/events/event.js';

/** A line that holds an event, of the main agent or of a sub-agent. */
export function streamed(event: StreamEvent, lane: string | null = null): object {
  return { type: 'stream_event', event, parent_tool_use_id: lane, session_id: 's1', uuid: 'u1' };
}

/** A line that holds whole blocks. */
export function assistant(
  id: string,
  content: readonly object[],
  more: object = {},
  lane: string | null = null,
): object {
  const message = {
    id,
    type: 'message',
    role: 'assistant',
    model: 'm-1',
    content,
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: 9, output_tokens: 1 },
    ...more,
  };
  return { type: 'assistant', message, parent_tool_use_id: lane, session_id: 's1', uuid: 'u2' };
}

/** A line that holds what the model is told. */
export function user(content: unknown, lane: string | null = null): object {
  return {
    type: 'user',
    message: { role: 'user', content },
    parent_tool_use_id: lane,
    session_id: 's1',
    uuid: 'u3',
  };
}

/** The line that ends a turn. */
export function result(more: object = {}): object {
  return { type: 'result', subtype: 'success', is_error: false, num_turns: 1, session_id: 's1', ...more };
}

/** The result of a call. */
export function resultOf(tool_use_id: string, content: unknown, more: object = {}): object {
  return { type: 'tool_result', tool_use_id, content, ...more };
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
  const decoder = policed(claudeCode, options);
  const texts = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)));
  return [...texts.flatMap((data) => decoder.next({ data })), ...decoder.end()];
}
