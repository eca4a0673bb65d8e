import { policed, type DecodeOptions } from '../../../src/codecs/policed.js';
import { synapsTurn } from '../../../src/codecs/synaps/codec.js';
import type { TurnOptions } from '../../../src/codecs/synaps/turnOptions.js';
import type { AssistantEvent, RpcEvent } from '../../../src/codecs/synaps/wire.js';
import { StreamError } from '../../../src/errors/streamError.js';
import type { StreamEvent } from '../../../src/events/event.js';

/** A frame as it stands on the wire. */
export function line(frame: object): { readonly data: string } {
  return { data: JSON.stringify(frame) };
}

/** A frame with something of the turn in flight. */
export function update(event: AssistantEvent): RpcEvent {
  return { type: 'message_update', event };
}

export function text(delta: string): RpcEvent {
  return update({ type: 'text_delta', delta });
}

export function thinking(delta: string): RpcEvent {
  return update({ type: 'thinking_delta', delta });
}

export function callStart(tool_id: string, tool_name = 'bash'): RpcEvent {
  return update({ type: 'toolcall_start', tool_id, tool_name });
}

export function callDelta(tool_id: string, delta: string): RpcEvent {
  return update({ type: 'toolcall_input_delta', tool_id, delta });
}

export function callInput(tool_id: string, input: unknown): RpcEvent {
  return update({ type: 'toolcall_input', tool_id, input });
}

export function callResult(tool_id: string, result: string): RpcEvent {
  return update({ type: 'toolcall_result', tool_id, result });
}

export const READY: RpcEvent = {
  type: 'ready',
  session_id: 's1',
  model: 'claude-3-opus',
  protocol_version: 1,
};

export const USAGE = {
  input_tokens: 10,
  output_tokens: 5,
  cache_read_input_tokens: 0,
  cache_creation_input_tokens: 0,
} as const;

export const AGENT_END: RpcEvent = { type: 'agent_end', usage: USAGE };

/** How a turn went. */
export function response(id: string, body: object = { ok: true }, command = 'prompt'): RpcEvent {
  return { type: 'response', id, command, ...body };
}

/** Frames that belong to no turn. */
export const OTHERS: readonly RpcEvent[] = [
  { type: 'subagent_start', subagent_id: 1, agent_name: 'planner', task_preview: 'Plan the' },
  { type: 'subagent_update', subagent_id: 1, agent_name: 'planner', status: 'running' },
  {
    type: 'subagent_done',
    subagent_id: 1,
    agent_name: 'planner',
    result_preview: 'Planned',
    duration_secs: 1.5,
  },
  {
    type: 'event',
    payload: {
      id: 'e1',
      source: 'cli',
      severity: 'high',
      content_type: 'alert',
      text: 'Disk full',
      timestamp: '2026-08-01T00:00:00Z',
      formatted: '<event>Disk full</event>',
    },
  },
  { type: 'error', message: 'bad' },
  { type: 'response', id: 'q', command: 'get_messages', messages: ['a', 'b'] },
  { type: 'response', id: 'a', command: 'abort', ok: true },
  { type: 'response', id: 'c', command: 'compact.disclosure', summary: null },
];

/** How frames are read. */
export interface ReadOptions extends DecodeOptions {
  readonly turn?: TurnOptions;
}

/** The events of a whole stream of frames. */
export function read(
  frames: readonly object[],
  { turn, ...options }: ReadOptions = {},
): readonly StreamEvent[] {
  const decoder = policed(synapsTurn(turn), options);
  return [...frames.flatMap((frame) => decoder.next(line(frame))), ...decoder.end()];
}

/** The error that the last of these frames is. */
export function failure(frames: readonly (object | string)[], options: ReadOptions = {}): StreamError {
  const { turn, ...policies } = options;
  const decoder = policed(synapsTurn(turn), policies);
  const last = frames.length - 1;
  for (const [nth, frame] of frames.entries()) {
    try {
      decoder.next(typeof frame === 'string' ? { data: frame } : line(frame));
    } catch (error) {
      if (nth === last && error instanceof StreamError) return error;
      throw error;
    }
  }
  throw new Error('The frames were read');
}
