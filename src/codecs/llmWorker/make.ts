import type {
  WorkerBlockMetadata,
  WorkerBlockStop,
  WorkerBlockType,
  WorkerDelta,
  WorkerEvent,
  WorkerReasoning,
  WorkerResponseStatus,
  WorkerStopReason,
} from './wire.js';

function blockStart(index: number, start: WorkerBlockMetadata): WorkerEvent {
  return { BlockStart: { index, ...start } };
}

function blockDelta(index: number, delta: WorkerDelta): WorkerEvent {
  return { BlockDelta: { index, delta } };
}

function blockEnd(
  index: number,
  block_type: WorkerBlockType,
  end: Partial<WorkerBlockStop> = {},
): WorkerEvent {
  return { BlockStop: { index, block_type, stop_reason: null, ...end } };
}

/** Makes the events of the crate. */
export const workerEvents = {
  /** Begins a text block. The crate's `Event::text_block_start`. */
  textBlockStart: (index: number): WorkerEvent => blockStart(index, { block_type: 'Text', metadata: 'Text' }),
  /** Adds to a text block. The crate's `Event::text_delta`. */
  textDelta: (index: number, Text: string): WorkerEvent => blockDelta(index, { Text }),
  /** Finishes a text block. The crate's `Event::text_block_stop`. */
  textBlockStop: (index: number, stop_reason: WorkerStopReason | null = null): WorkerEvent =>
    blockEnd(index, 'Text', { stop_reason }),
  /** Begins a thinking block. */
  thinkingBlockStart: (index: number): WorkerEvent =>
    blockStart(index, { block_type: 'Thinking', metadata: 'Thinking' }),
  /** Adds to a thinking block. */
  thinkingDelta: (index: number, Thinking: string): WorkerEvent => blockDelta(index, { Thinking }),
  /** Finishes a thinking block; `reasoning` is what it has beside its text, if anything. */
  thinkingBlockStop: (index: number, reasoning?: WorkerReasoning): WorkerEvent =>
    blockEnd(index, 'Thinking', reasoning && { reasoning }),
  /** Begins a call of a tool. The crate's `Event::tool_use_start`. */
  toolUseStart: (index: number, id: string, name: string): WorkerEvent =>
    blockStart(index, { block_type: 'ToolUse', metadata: { ToolUse: { id, name } } }),
  /** Adds to the JSON of a call's input. The crate's `Event::tool_input_delta`. */
  toolInputDelta: (index: number, InputJson: string): WorkerEvent => blockDelta(index, { InputJson }),
  /** Finishes a call, and says that the model stopped for it. The crate's `Event::tool_use_stop`. */
  toolUseStop: (index: number): WorkerEvent => blockEnd(index, 'ToolUse', { stop_reason: 'ToolUse' }),
  /** Begins the output of a tool; its text follows as `textDelta`. */
  toolResultStart: (index: number, tool_use_id: string): WorkerEvent =>
    blockStart(index, { block_type: 'ToolResult', metadata: { ToolResult: { tool_use_id } } }),
  /** Finishes the output of a tool. */
  toolResultStop: (index: number): WorkerEvent => blockEnd(index, 'ToolResult'),
  /** Gives a block up. */
  blockAbort: (index: number, block_type: WorkerBlockType, reason: string): WorkerEvent => ({
    BlockAbort: { index, block_type, reason },
  }),
  /** Reports the tokens used; the total is their sum. The crate's `Event::usage`. */
  usage: (input_tokens: number, output_tokens: number): WorkerEvent => {
    const total_tokens = input_tokens + output_tokens;
    const cache = { cache_read_input_tokens: null, cache_creation_input_tokens: null };
    return { Usage: { input_tokens, output_tokens, total_tokens, ...cache } };
  },
  /** Keeps the connection alive. The crate's `Event::ping`. */
  ping: (): WorkerEvent => ({ Ping: { timestamp: null } }),
  /** Says how far the response has come. */
  status: (status: WorkerResponseStatus): WorkerEvent => ({ Status: { status } }),
  /** Reports a failure. */
  error: (code: string | null, message: string): WorkerEvent => ({ Error: { code, message } }),
};
