import * as z from 'zod/mini';
import { byType, chosen, must, nullableText, object, oneOf, text } from '../kit/shape.js';
import {
  isTurnCommand,
  type AgentEndEvent,
  type AssistantEvent,
  type CommandResponse,
  type MessageUpdateEvent,
  type OutsideEvent,
  type ReadyEvent,
  type RpcErrorEvent,
  type RpcEvent,
  type SubagentDoneEvent,
  type SubagentStartEvent,
  type SubagentUpdateEvent,
  type TurnResponse,
} from './rpcEvent.js';

/**
 * What is asked of each frame: the fields that the protocol's own types require. Every other field passes as it came,
 * for later versions add some.
 */

const count = z.number(must('a number'));
const nullableCount = z.nullish(count);
const flag = z.boolean(must('true or false'));
const given = z.unknown().check(z.refine((value) => value !== undefined, must('a JSON value')));

/** The schema of each event of the assistant. */
export const assistantEventSchemas: {
  readonly [T in AssistantEvent['type']]: z.ZodMiniType<Extract<AssistantEvent, { type: T }>>;
} = {
  text_delta: object({ type: oneOf('text_delta'), delta: text }),
  thinking_delta: object({ type: oneOf('thinking_delta'), delta: text }),
  toolcall_start: object({ type: oneOf('toolcall_start'), tool_id: text, tool_name: text }),
  toolcall_input_delta: object({ type: oneOf('toolcall_input_delta'), tool_id: text, delta: text }),
  toolcall_input: object({
    type: oneOf('toolcall_input'),
    tool_id: text,
    input: given,
  }),
  toolcall_result: object({ type: oneOf('toolcall_result'), tool_id: text, result: text }),
};

/** Any event of the assistant. */
export const assistantEventSchema: z.ZodMiniType<AssistantEvent> = byType(assistantEventSchemas);

const response = { type: oneOf('response'), id: text, command: text };

const commandResponse = object<CommandResponse>(response);

const turnResponse = object<TurnResponse>({
  ...response,
  ok: flag,
  cancelled: z.nullish(flag),
  error: nullableText,
  outcome: z.nullish(object({ kind: text })),
});

const subagent = { subagent_id: count, agent_name: text };

/** The schema of each frame, by its `type`. */
export const rpcEventSchemas = {
  ready: object<ReadyEvent>({
    type: oneOf('ready'),
    session_id: text,
    model: text,
    protocol_version: count,
  }),
  message_update: object<MessageUpdateEvent>({
    type: oneOf('message_update'),
    event: assistantEventSchema,
  }),
  subagent_start: object<SubagentStartEvent>({
    type: oneOf('subagent_start'),
    ...subagent,
    task_preview: text,
  }),
  subagent_update: object<SubagentUpdateEvent>({
    type: oneOf('subagent_update'),
    ...subagent,
    status: text,
  }),
  subagent_done: object<SubagentDoneEvent>({
    type: oneOf('subagent_done'),
    ...subagent,
    result_preview: text,
    duration_secs: count,
  }),
  agent_end: object<AgentEndEvent>({
    type: oneOf('agent_end'),
    usage: object({
      input_tokens: count,
      output_tokens: count,
      cache_read_input_tokens: nullableCount,
      cache_creation_input_tokens: nullableCount,
      cache_creation_5m: nullableCount,
      cache_creation_1h: nullableCount,
      model: nullableText,
    }),
  }),
  response: chosen<TurnResponse | CommandResponse>(({ command }) =>
    isTurnCommand(command) ? turnResponse : commandResponse,
  ),
  error: object<RpcErrorEvent>({ type: oneOf('error'), id: nullableText, message: text }),
  event: object<OutsideEvent>({
    type: oneOf('event'),
    payload: object({
      id: text,
      source: text,
      severity: text,
      content_type: text,
      text,
      timestamp: text,
      formatted: text,
    }),
  }),
} as const satisfies Record<RpcEvent['type'], z.ZodMiniType<RpcEvent>>;

/** Any frame, as its JSON is parsed. */
export const rpcEventSchema: z.ZodMiniType<RpcEvent> = byType(rpcEventSchemas);
