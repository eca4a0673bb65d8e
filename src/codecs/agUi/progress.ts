import type { ToolApprovalEvent, ToolResultEvent } from '../../events/event.js';
import * as events from '../../events/make.js';
import { isObject, type Json } from '../kit/json.js';
import type { AgUiInterrupt } from './wire.js';

/** The CUSTOM events that say what becomes of a call before it has its result: the protocol has none of its own. */
const APPROVAL = 'tool_approval';
const PROGRESS = 'tool_progress';

const STATES: ReadonlySet<unknown> = new Set<ToolApprovalEvent['state']>(['requested', 'approved', 'denied']);

/** Why a run is interrupted where somebody is to approve a call. */
const TO_APPROVE = 'tool_call';

/** Writes an approval, or what a tool has so far, as the CUSTOM event that {@link progressIn} reads. */
export function progressOf(
  toolCallId: string,
  event: ToolApprovalEvent | { readonly content: unknown },
): Json {
  if (!('state' in event)) {
    return { type: 'CUSTOM', name: PROGRESS, value: { toolCallId, content: event.content ?? null } };
  }
  const { state, reason } = event;
  return { type: 'CUSTOM', name: APPROVAL, value: { toolCallId, state, reason } };
}

/** @returns what a CUSTOM event says of a call; `undefined` for any other event */
export function progressIn({ type, name, value }: Json): ToolApprovalEvent | ToolResultEvent | undefined {
  if (type !== 'CUSTOM' || !isObject(value)) return undefined;
  const { toolCallId, state, reason, content } = value;
  if (typeof toolCallId !== 'string') return undefined;
  if (name === PROGRESS && content !== undefined) {
    return { ...events.toolResult(toolCallId, content), preliminary: true };
  }
  if (name !== APPROVAL || !STATES.has(state)) return undefined;
  const said = typeof reason === 'string' ? reason : undefined;
  return events.toolApproval(toolCallId, state as ToolApprovalEvent['state'], said);
}

/** What a run waits for that asks to approve a call. */
export function interruptOf(toolCallId: string): AgUiInterrupt {
  return { id: toolCallId, reason: TO_APPROVE, toolCallId };
}

/** Whether a run waits for no more than {@link interruptOf} says. */
export function isPlain(interrupt: AgUiInterrupt): boolean {
  const { id, reason, toolCallId, ...more } = interrupt;
  return reason === TO_APPROVE && id === toolCallId && Object.keys(more).length === 0;
}
