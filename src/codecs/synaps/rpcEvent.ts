import type { UnknownEvent } from '../../events/event.js';

/** The version of the protocol that is read and written here; a parent must refuse any other. */
export const RPC_PROTOCOL_VERSION = 1;

/** More text of the assistant. */
export interface TextDeltaUpdate {
  readonly type: 'text_delta';
  readonly delta: string;
}

/** More thinking. */
export interface ThinkingDeltaUpdate {
  readonly type: 'thinking_delta';
  readonly delta: string;
}

/** Begins a call. Nothing after it names the tool: everything else is joined by `tool_id`. */
export interface ToolcallStartUpdate {
  readonly type: 'toolcall_start';
  readonly tool_id: string;
  readonly tool_name: string;
}

/** A piece of the JSON of a call's input. */
export interface ToolcallInputDeltaUpdate {
  readonly type: 'toolcall_input_delta';
  readonly tool_id: string;
  readonly delta: string;
}

/**
 * The whole input of a call, once it has been streamed. An input of no text is `{}`; of one that is no JSON the child
 * says `{"__parse_error": "…"}`.
 */
export interface ToolcallInputUpdate {
  readonly type: 'toolcall_input';
  readonly tool_id: string;
  readonly input: unknown;
}

/** What the tool gave, as text. Whether it failed is told by the text alone. */
export interface ToolcallResultUpdate {
  readonly type: 'toolcall_result';
  readonly tool_id: string;
  readonly result: string;
}

/** What the assistant does within a turn: the `event` of a `message_update`. */
export type AssistantEvent =
  | TextDeltaUpdate
  | ThinkingDeltaUpdate
  | ToolcallStartUpdate
  | ToolcallInputDeltaUpdate
  | ToolcallInputUpdate
  | ToolcallResultUpdate;

/** Begins the stream: which session and model, and which version of the protocol. Always the first frame. */
export interface ReadyEvent {
  readonly type: 'ready';
  readonly session_id: string;
  readonly model: string;
  /** {@link RPC_PROTOCOL_VERSION} */
  readonly protocol_version: number;
}

/** Something of the turn in flight. It names no turn: there is one at a time. */
export interface MessageUpdateEvent {
  readonly type: 'message_update';
  readonly event: AssistantEvent;
}

/** A subagent has been given a task. */
export interface SubagentStartEvent {
  readonly type: 'subagent_start';
  readonly subagent_id: number;
  readonly agent_name: string;
  readonly task_preview: string;
}

/** How a subagent fares, in its own words. */
export interface SubagentUpdateEvent {
  readonly type: 'subagent_update';
  readonly subagent_id: number;
  readonly agent_name: string;
  readonly status: string;
}

/** A subagent has finished. */
export interface SubagentDoneEvent {
  readonly type: 'subagent_done';
  readonly subagent_id: number;
  readonly agent_name: string;
  readonly result_preview: string;
  /** Seconds. */
  readonly duration_secs: number;
}

/** Tokens of a whole turn: the sum over all rounds of model and tools in it. */
export interface TurnUsage {
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cache_read_input_tokens?: number | null;
  readonly cache_creation_input_tokens?: number | null;
  /** The part of the cache that is kept for 5 minutes, where it is known. */
  readonly cache_creation_5m?: number | null;
  /** The part of the cache that is kept for an hour, where it is known. */
  readonly cache_creation_1h?: number | null;
  /** The model of the first round. */
  readonly model?: string | null;
}

/** Nothing more comes of the turn. It is no success: the turn's response says how it went. */
export interface AgentEndEvent {
  readonly type: 'agent_end';
  readonly usage: TurnUsage;
}

/** How a turn went, where the child says so. */
export type TurnOutcome =
  | { readonly kind: 'completed' | 'canceled' }
  | { readonly kind: 'provider_failed'; readonly code: string; readonly correlation_id?: string }
  | { readonly kind: 'tool_failed'; readonly tool_id: string; readonly correlation_id?: string }
  | { readonly kind: 'budget_exceeded'; readonly dimension: string }
  | { readonly kind: 'interrupted_after_side_effect'; readonly call_id: string };

/** The commands whose response ends a turn; the child answers a `follow_up` as a `prompt`. */
export type TurnCommand = 'prompt' | 'follow_up' | 'auto_turn';

/** Ends a turn, well or badly. */
export interface TurnResponse {
  readonly type: 'response';
  /** The id of the prompt, or one that begins with `auto:`. */
  readonly id: string;
  readonly command: TurnCommand;
  readonly ok: boolean;
  /** The turn was aborted; `ok` is true then. */
  readonly cancelled?: boolean | null;
  /** What went wrong, where `ok` is false. */
  readonly error?: string | null;
  readonly outcome?: TurnOutcome | null;
}

/** Answers any other command. The fields of the answer stand beside `id` and `command`. */
export interface CommandResponse {
  readonly type: 'response';
  readonly id: string;
  readonly command: string;
  readonly [field: string]: unknown;
}

/**
 * Says that something went wrong. Without an `id` it concerns no command, and the stream goes on. With one, a turn that
 * failed still gets its `agent_end` and its response; a command that was refused gets nothing else.
 */
export interface RpcErrorEvent {
  readonly type: 'error';
  readonly id?: string | null;
  readonly message: string;
}

/** Something happened outside, at any time, with or without a turn. */
export interface OutsideEvent {
  readonly type: 'event';
  readonly payload: {
    readonly id: string;
    readonly source: string;
    readonly severity: 'low' | 'medium' | 'high' | 'critical' | (string & {});
    readonly content_type: string;
    readonly text: string;
    /** ISO 8601. */
    readonly timestamp: string;
    /** As it is put before the model. */
    readonly formatted: string;
  };
}

/** One frame that the child writes to its standard output. */
export type RpcEvent =
  | ReadyEvent
  | MessageUpdateEvent
  | SubagentStartEvent
  | SubagentUpdateEvent
  | SubagentDoneEvent
  | AgentEndEvent
  | TurnResponse
  | CommandResponse
  | RpcErrorEvent
  | OutsideEvent;

/** One frame, or one of a type that this version does not know, with the whole frame as its `data`. */
export type AnyRpcEvent = RpcEvent | UnknownEvent;

const TURN_COMMANDS: ReadonlySet<string> = new Set([
  'prompt',
  'follow_up',
  'auto_turn',
] satisfies TurnCommand[]);

/** Whether this is something of the turn in flight. */
export function isMessageUpdate(event: AnyRpcEvent): event is MessageUpdateEvent {
  return event.type === 'message_update';
}

/** Whether the response to this command ends a turn. */
export function isTurnCommand(command: unknown): command is TurnCommand {
  return TURN_COMMANDS.has(command as string);
}

/** Whether this ends a turn: the response to a prompt, a follow-up or a turn that the child began itself. */
export function isTurnResponse(event: AnyRpcEvent): event is TurnResponse {
  return event.type === 'response' && isTurnCommand(event.command);
}
