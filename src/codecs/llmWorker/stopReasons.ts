import { words } from '../kit/words.js';
import type { WorkerStopReason } from './event.js';

/** The stop reasons of the crate, in its own words and in ours. */
export const stopReasons = words([
  ['EndTurn', 'end_turn'],
  ['MaxTokens', 'max_tokens'],
  ['StopSequence', 'stop_sequence'],
  ['ToolUse', 'tool_use'],
] satisfies [WorkerStopReason, string][]);
