import type { WorkerStopReason } from './event.js';

const CANONICAL = {
  EndTurn: 'end_turn',
  MaxTokens: 'max_tokens',
  StopSequence: 'stop_sequence',
  ToolUse: 'tool_use',
} as const satisfies Record<WorkerStopReason, string>;

const OF_WORKER: ReadonlyMap<string, WorkerStopReason> = new Map(
  Object.entries(CANONICAL).map(([reason, canonical]) => [canonical, reason as WorkerStopReason]),
);

/** A stop reason in the words of the canonical event; one that a later version of the crate adds, as it came. */
export function stopReasonOf(reason: string): string {
  return Object.hasOwn(CANONICAL, reason) ? CANONICAL[reason as WorkerStopReason] : reason;
}

/** A stop reason in the words of the crate; `null` where it has none for it. */
export function workerStopReasonOf(reason: string | null | undefined): WorkerStopReason | null {
  return OF_WORKER.get(reason ?? '') ?? null;
}
