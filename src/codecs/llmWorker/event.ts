/**
 * The `Event` of the Rust crate `llm-worker`, as serde writes it: externally tagged, so that an event is an object
 * with one key, its name. What the crate has as an `Option` is `null` where nothing is known; a missing field reads
 * the same.
 *
 * @see https://github.com/HareK02/yoi, which the crate comes from
 */

/** What a block is. A `ToolResult` holds what running a tool gave, as text. */
export type WorkerBlockType = 'Text' | 'Thinking' | 'ToolUse' | 'ToolResult';

/** Why the model stopped. */
export type WorkerStopReason = 'EndTurn' | 'MaxTokens' | 'StopSequence' | 'ToolUse';

/** How far a response has come. The crate calls it `ResponseStatus`. */
export type WorkerResponseStatus = 'Started' | 'Completed' | 'Cancelled' | 'Failed';

/** A heartbeat. */
export interface WorkerPing {
  readonly timestamp?: number | null;
}

/**
 * Tokens used so far. An event may know some of them: a number replaces what was said before, `null` says nothing.
 * Later versions count tokens read from the cache and written to it within `input_tokens`.
 */
export interface WorkerUsage {
  readonly input_tokens?: number | null;
  readonly output_tokens?: number | null;
  readonly total_tokens?: number | null;
  readonly cache_read_input_tokens?: number | null;
  readonly cache_creation_input_tokens?: number | null;
}

/** A change of the response's status. */
export interface WorkerStatus {
  readonly status: WorkerResponseStatus;
}

/** A failure: the provider's own name for it, where it has one, and its words. */
export interface WorkerError {
  readonly code?: string | null;
  readonly message: string;
}

/** The type of a block and what is known of it at its start. */
export type WorkerBlockMetadata =
  | { readonly block_type: 'Text'; readonly metadata: 'Text' }
  | { readonly block_type: 'Thinking'; readonly metadata: 'Thinking' }
  | {
      readonly block_type: 'ToolUse';
      readonly metadata: { readonly ToolUse: { readonly id: string; readonly name: string } };
    }
  | {
      readonly block_type: 'ToolResult';
      readonly metadata: { readonly ToolResult: { readonly tool_use_id: string } };
    };

/** Begins a block. Blocks of different types may have the same index. */
export type WorkerBlockStart = { readonly index: number } & WorkerBlockMetadata;

/** A piece of a block: text, thinking, or the JSON of a tool's input. */
export type WorkerDelta =
  { readonly Text: string } | { readonly Thinking: string } | { readonly InputJson: string };

/** Lets a block grow. */
export interface WorkerBlockDelta {
  readonly index: number;
  readonly delta: WorkerDelta;
}

/** What a finished thinking block has beside its text, to be sent back with it. Added after version 0.2. */
export interface WorkerReasoning {
  readonly id?: string | null;
  readonly text?: string | null;
  readonly summary?: readonly string[] | null;
  readonly encrypted_content?: string | null;
  readonly signature?: string | null;
}

/** Finishes a block. The last one of a response tells why the model stopped, where that is known. */
export interface WorkerBlockStop {
  readonly index: number;
  readonly block_type: WorkerBlockType;
  readonly stop_reason?: WorkerStopReason | null;
  readonly reasoning?: WorkerReasoning | null;
}

/** Gives a block up. */
export interface WorkerBlockAbort {
  readonly index: number;
  readonly block_type: WorkerBlockType;
  readonly reason: string;
}

/** What each event holds, by its name. */
export interface WorkerEventBodies {
  readonly Ping: WorkerPing;
  readonly Usage: WorkerUsage;
  readonly Status: WorkerStatus;
  readonly Error: WorkerError;
  readonly BlockStart: WorkerBlockStart;
  readonly BlockDelta: WorkerBlockDelta;
  readonly BlockStop: WorkerBlockStop;
  readonly BlockAbort: WorkerBlockAbort;
}

/** The name of an event. */
export type WorkerEventName = keyof WorkerEventBodies;

/** One event: an object with one key, such as `{ Ping: { timestamp: null } }`. */
export type WorkerEvent = {
  readonly [Name in WorkerEventName]: { readonly [Key in Name]: WorkerEventBodies[Name] };
}[WorkerEventName];
