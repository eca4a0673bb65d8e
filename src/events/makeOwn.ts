/** Makes the events that no wire of the Messages API has. */
import type { EventOf } from './event.js';

/** An event whose name this version does not know. */
export function unknown(name: string, data: unknown): EventOf<'unknown'> {
  return { type: 'unknown', name, data };
}

/** Says that a block will never finish. */
export function blockAbort(index: number, reason: string): EventOf<'block_abort'> {
  return { type: 'block_abort', index, reason };
}

/** The result of a tool. */
export function toolResult(
  tool_use_id: string,
  content: unknown,
  is_error?: boolean,
): EventOf<'tool_result'> {
  return { type: 'tool_result', tool_use_id, content, ...(is_error !== undefined && { is_error }) };
}

/** Says whether somebody lets a call be run. */
export function toolApproval(
  tool_use_id: string,
  state: EventOf<'tool_approval'>['state'],
  reason?: string,
): EventOf<'tool_approval'> {
  return { type: 'tool_approval', tool_use_id, state, ...(reason !== undefined && { reason }) };
}

/** Says that a failed attempt is being repeated. */
export function reset(attempt: number, cause: unknown): EventOf<'reset'> {
  return { type: 'reset', attempt, cause };
}
