import type {
  WorkerBlockType,
  WorkerEvent,
  WorkerReasoning,
  WorkerResponseStatus,
  WorkerStopReason,
} from './event.js';

/** Begins a text block. The crate's `Event::text_block_start`. */
export function textBlockStart(index: number): WorkerEvent {
  return { BlockStart: { index, block_type: 'Text', metadata: 'Text' } };
}

/** Lets a text block grow. The crate's `Event::text_delta`. */
export function textDelta(index: number, text: string): WorkerEvent {
  return { BlockDelta: { index, delta: { Text: text } } };
}

/** Finishes a text block. The crate's `Event::text_block_stop`. */
export function textBlockStop(index: number, stop_reason: WorkerStopReason | null = null): WorkerEvent {
  return { BlockStop: { index, block_type: 'Text', stop_reason } };
}

/** Begins a thinking block. */
export function thinkingBlockStart(index: number): WorkerEvent {
  return { BlockStart: { index, block_type: 'Thinking', metadata: 'Thinking' } };
}

/** Lets a thinking block grow. */
export function thinkingDelta(index: number, thinking: string): WorkerEvent {
  return { BlockDelta: { index, delta: { Thinking: thinking } } };
}

/**
 * Finishes a thinking block.
 *
 * @param index - the block
 * @param reasoning - what it has beside its text; left out where it has nothing, as before it was added to the crate
 */
export function thinkingBlockStop(index: number, reasoning?: WorkerReasoning): WorkerEvent {
  const stop = { index, block_type: 'Thinking', stop_reason: null } as const;
  return { BlockStop: reasoning === undefined ? stop : { ...stop, reasoning } };
}

/** Begins a call of a tool. The crate's `Event::tool_use_start`. */
export function toolUseStart(index: number, id: string, name: string): WorkerEvent {
  return { BlockStart: { index, block_type: 'ToolUse', metadata: { ToolUse: { id, name } } } };
}

/** Lets the input of a call grow by a piece of its JSON. The crate's `Event::tool_input_delta`. */
export function toolInputDelta(index: number, json: string): WorkerEvent {
  return { BlockDelta: { index, delta: { InputJson: json } } };
}

/** Finishes a call, and says that it is what the model stopped for. The crate's `Event::tool_use_stop`. */
export function toolUseStop(index: number): WorkerEvent {
  return { BlockStop: { index, block_type: 'ToolUse', stop_reason: 'ToolUse' } };
}

/** Begins what running a tool gave; its text follows as {@link textDelta}. */
export function toolResultStart(index: number, tool_use_id: string): WorkerEvent {
  return { BlockStart: { index, block_type: 'ToolResult', metadata: { ToolResult: { tool_use_id } } } };
}

/** Finishes what running a tool gave. */
export function toolResultStop(index: number): WorkerEvent {
  return { BlockStop: { index, block_type: 'ToolResult', stop_reason: null } };
}

/** Gives a block up. */
export function blockAbort(index: number, block_type: WorkerBlockType, reason: string): WorkerEvent {
  return { BlockAbort: { index, block_type, reason } };
}

/** Tells the tokens used; the total is their sum. The crate's `Event::usage`. */
export function usage(input_tokens: number, output_tokens: number): WorkerEvent {
  return {
    Usage: {
      input_tokens,
      output_tokens,
      total_tokens: input_tokens + output_tokens,
      cache_read_input_tokens: null,
      cache_creation_input_tokens: null,
    },
  };
}

/** Keeps the connection alive. The crate's `Event::ping`. */
export function ping(): WorkerEvent {
  return { Ping: { timestamp: null } };
}

/** Tells how far the response has come. */
export function status(status: WorkerResponseStatus): WorkerEvent {
  return { Status: { status } };
}

/** Tells of a failure. */
export function error(code: string | null, message: string): WorkerEvent {
  return { Error: { code, message } };
}
