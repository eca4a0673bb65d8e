import type { UnknownEvent } from '../../events/event.js';
import {
  anything,
  byType,
  chosen,
  flag,
  holding,
  kinds,
  nullableText,
  nullish,
  or,
  number,
  object,
  oneOf,
  text,
  type Schema,
  type Output,
  someInput,
  someText,
} from '../kit/shape.js';

/**
 * The frames that a `synaps rpc` child writes. The schemas ask for the fields that the protocol's own types require;
 * every other field passes as it came, because later versions add some.
 *
 * @see https://github.com/HaseebKhalid1507/SynapsCLI/blob/main/docs/rpc-protocol.md
 */

/** The version of the protocol that is read and written here. A parent must refuse any other. */
export const RPC_PROTOCOL_VERSION = 1;

const nullableCount = nullish(number);
const call = { tool_id: someText };
/** What is only passed on costs no turn where it says nothing. */
const subagent = { subagent_id: number, agent_name: someText };
/** The schema of each event of the assistant. */
export const assistantEventSchemas = kinds({
  text_delta: { delta: someText },
  thinking_delta: { delta: someText },
  toolcall_start: { ...call, tool_name: someText },
  toolcall_input_delta: { ...call, delta: someText },
  toolcall_input: { ...call, input: someInput },
  toolcall_result: { ...call, result: someText },
});

/** More text of the assistant. */
export interface TextDeltaUpdate extends Output<typeof assistantEventSchemas.text_delta> {}

/** More thinking. */
export interface ThinkingDeltaUpdate extends Output<typeof assistantEventSchemas.thinking_delta> {}

/** Begins a call. Only this names the tool; all later updates of the call have its `tool_id`. */
export interface ToolcallStartUpdate extends Output<typeof assistantEventSchemas.toolcall_start> {}

/** A piece of the JSON of a call's input. */
export interface ToolcallInputDeltaUpdate extends Output<typeof assistantEventSchemas.toolcall_input_delta> {}

/**
 * The whole input of a call, once it has been streamed. It is `{}` where nothing was streamed, and
 * `{"__parse_error": "…"}` where that was not JSON.
 */
export interface ToolcallInputUpdate extends Output<typeof assistantEventSchemas.toolcall_input> {}

/** The output of the tool, as text. Only the text shows whether the tool failed. */
export interface ToolcallResultUpdate extends Output<typeof assistantEventSchemas.toolcall_result> {}

/** What the assistant does within a turn: the `event` of a `message_update`. */
export type AssistantEvent =
  | TextDeltaUpdate
  | ThinkingDeltaUpdate
  | ToolcallStartUpdate
  | ToolcallInputDeltaUpdate
  | ToolcallInputUpdate
  | ToolcallResultUpdate;

/** Any event of the assistant. */
export const assistantEventSchema: Schema<AssistantEvent> = byType(assistantEventSchemas);

const amount = or(number, () => 0);
const turnUsage = holding({
  input_tokens: amount,
  output_tokens: amount,
  cache_read_input_tokens: nullableCount,
  cache_creation_input_tokens: nullableCount,
  /** The part of the cache that is kept for 5 minutes, where it is known. */
  cache_creation_5m: nullableCount,
  /** The part of the cache that is kept for an hour, where it is known. */
  cache_creation_1h: nullableCount,
  /** The model of the first round. */
  model: nullableText,
});
const response = { type: oneOf('response'), id: text, command: text };
const commandResponse = object<CommandResponse>(response);
const turnResponse = object<TurnResponse>({
  ...response,
  ok: flag,
  cancelled: nullish(flag),
  error: anything,
  outcome: nullish(object({ kind: text })),
});

/** The schema of each frame, by its `type`. */
export const rpcEventSchemas = {
  ...kinds({
    ready: {
      session_id: text,
      model: someText,
      /** {@link RPC_PROTOCOL_VERSION} */
      protocol_version: number,
    },
    message_update: { event: assistantEventSchema },
    subagent_start: { ...subagent, task_preview: someText },
    subagent_update: { ...subagent, status: someText },
    subagent_done: {
      ...subagent,
      result_preview: someText,
      /** Seconds. */
      duration_secs: amount,
    },
    agent_end: { usage: or(turnUsage, () => ({ input_tokens: 0, output_tokens: 0 })) },
    error: { id: nullableText, message: someText },
    event: {
      payload: holding({
        id: text,
        source: someText,
        /** `low`, `medium`, `high`, `critical`, or any other. */
        severity: someText,
        content_type: someText,
        text: someText,
        /** ISO 8601. */
        timestamp: someText,
        /** The text that the model gets. */
        formatted: someText,
      }),
    },
  }),
  response: chosen<TurnResponse | CommandResponse>(({ command }) =>
    isTurnCommand(command) ? turnResponse : commandResponse,
  ),
};

/** Begins the stream, always as its first frame: the session, the model, and the version of the protocol. */
export interface ReadyEvent extends Output<typeof rpcEventSchemas.ready> {}

/** An event of the turn in flight. It names no turn, because there is one at a time. */
export interface MessageUpdateEvent extends Output<typeof rpcEventSchemas.message_update> {}

/** A subagent has been given a task. */
export interface SubagentStartEvent extends Output<typeof rpcEventSchemas.subagent_start> {}

/** The status of a subagent, in its own words. */
export interface SubagentUpdateEvent extends Output<typeof rpcEventSchemas.subagent_update> {}

/** A subagent has finished. */
export interface SubagentDoneEvent extends Output<typeof rpcEventSchemas.subagent_done> {}

/** Tokens of a whole turn: the sum over all rounds of model and tools in it. */
export interface TurnUsage extends Output<typeof turnUsage> {}

/** The turn is over. Whether it succeeded stands in its response, which follows. */
export interface AgentEndEvent extends Output<typeof rpcEventSchemas.agent_end> {}

/** How a turn went, where the child says so. */
export type TurnOutcome =
  | { readonly kind: 'completed' | 'canceled' }
  | { readonly kind: 'provider_failed'; readonly code: string; readonly correlation_id?: string }
  | { readonly kind: 'tool_failed'; readonly tool_id: string; readonly correlation_id?: string }
  | { readonly kind: 'budget_exceeded'; readonly dimension: string }
  | { readonly kind: 'interrupted_after_side_effect'; readonly call_id: string };

const TURN_COMMANDS = ['prompt', 'follow_up', 'auto_turn'] as const;

/** The commands whose response ends a turn. The child answers a `follow_up` as it does a `prompt`. */
export type TurnCommand = (typeof TURN_COMMANDS)[number];

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
 * Reports that something went wrong. Without an `id` it belongs to no command, and the stream goes on. With one, a turn
 * that failed still gets its `agent_end` and its response; a command that was refused gets nothing else.
 */
export interface RpcErrorEvent extends Output<typeof rpcEventSchemas.error> {}

/** Something happened outside, at any time, with or without a turn. */
export interface OutsideEvent extends Output<typeof rpcEventSchemas.event> {}

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

/** Any frame, as its JSON is parsed. */
export const rpcEventSchema: Schema<RpcEvent> = byType(rpcEventSchemas);

/** Whether this is an event of the turn in flight. */
export function isMessageUpdate(event: AnyRpcEvent): event is MessageUpdateEvent {
  return event.type === 'message_update';
}

/** Whether this ends a turn: the response to a prompt, a follow-up or a turn that the child began itself. */
export function isTurnResponse(event: {
  readonly type?: unknown;
  readonly command?: unknown;
}): event is TurnResponse {
  return event.type === 'response' && isTurnCommand(event.command);
}

function isTurnCommand(command: unknown): boolean {
  return (TURN_COMMANDS as readonly unknown[]).includes(command);
}
