import * as z from 'zod';
import { plainObject } from '../kit/shape.js';
import {
  isTurnResponse,
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

const text = z.string();
const count = z.number();

/** The schema of each event of the assistant. */
export const assistantEventSchemas: {
  readonly [T in AssistantEvent['type']]: z.ZodType<Extract<AssistantEvent, { type: T }>>;
} = {
  text_delta: object({ type: z.literal('text_delta'), delta: text }),
  thinking_delta: object({ type: z.literal('thinking_delta'), delta: text }),
  toolcall_start: object({ type: z.literal('toolcall_start'), tool_id: text, tool_name: text }),
  toolcall_input_delta: object({ type: z.literal('toolcall_input_delta'), tool_id: text, delta: text }),
  toolcall_input: object({
    type: z.literal('toolcall_input'),
    tool_id: text,
    input: z.unknown().refine((input) => input !== undefined, 'Missing'),
  }),
  toolcall_result: object({ type: z.literal('toolcall_result'), tool_id: text, result: text }),
};

/** Any event of the assistant. */
export const assistantEventSchema: z.ZodType<AssistantEvent> = z.union(Object.values(assistantEventSchemas));

/** The body of a turn's response; it stands beside `id` and `command`. */
const turnBody = plainObject<object>({
  ok: z.boolean(),
  cancelled: z.boolean().nullish(),
  error: text.nullish(),
  outcome: plainObject({ kind: text }).nullish(),
});

const subagent = { subagent_id: count, agent_name: text };

/** The schema of each frame, by its `type`. */
export const rpcEventSchemas = {
  ready: object<ReadyEvent>({
    type: z.literal('ready'),
    session_id: text,
    model: text,
    protocol_version: count,
  }),
  message_update: object<MessageUpdateEvent>({
    type: z.literal('message_update'),
    event: assistantEventSchema,
  }),
  subagent_start: object<SubagentStartEvent>({
    type: z.literal('subagent_start'),
    ...subagent,
    task_preview: text,
  }),
  subagent_update: object<SubagentUpdateEvent>({
    type: z.literal('subagent_update'),
    ...subagent,
    status: text,
  }),
  subagent_done: object<SubagentDoneEvent>({
    type: z.literal('subagent_done'),
    ...subagent,
    result_preview: text,
    duration_secs: count,
  }),
  agent_end: object<AgentEndEvent>({
    type: z.literal('agent_end'),
    usage: plainObject({
      input_tokens: count,
      output_tokens: count,
      cache_read_input_tokens: count.nullish(),
      cache_creation_input_tokens: count.nullish(),
      cache_creation_5m: count.nullish(),
      cache_creation_1h: count.nullish(),
      model: text.nullish(),
    }),
  }),
  response: object<TurnResponse | CommandResponse>({
    type: z.literal('response'),
    id: text,
    command: text,
  }).superRefine((response, context) => {
    if (!isTurnResponse(response)) return;
    const issues = turnBody.safeParse(response).error?.issues ?? [];
    for (const { path, message } of issues) context.addIssue({ code: 'custom', path, message });
  }),
  error: object<RpcErrorEvent>({ type: z.literal('error'), id: text.nullish(), message: text }),
  event: object<OutsideEvent>({
    type: z.literal('event'),
    payload: plainObject({
      id: text,
      source: text,
      severity: text,
      content_type: text,
      text,
      timestamp: text,
      formatted: text,
    }),
  }),
} as const satisfies Record<RpcEvent['type'], z.ZodType<RpcEvent>>;

/** Any frame, as its JSON is parsed. */
export const rpcEventSchema: z.ZodType<RpcEvent> = z.union(Object.values(rpcEventSchemas));

function object<T extends object>(shape: Record<string, z.ZodType>): z.ZodType<T> {
  return plainObject<T>(shape);
}
