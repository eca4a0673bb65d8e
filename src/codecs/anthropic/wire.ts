import * as z from 'zod/mini';
import type { AnyContentBlock, KnownBlock } from '../../events/block.js';
import { isBlockIndex, MAX_BLOCK_INDEX } from '../../events/block.js';
import type { AnyContentBlockDelta, KnownDelta } from '../../events/delta.js';
import type { EventOf, StreamEvent } from '../../events/event.js';
import {
  byType,
  lookup,
  must,
  nullableText,
  numberThat,
  object,
  oneOf,
  place,
  text,
  type Shape,
} from '../kit/shape.js';

/**
 * What the schemas require of each event: the fields that its meaning depends on, and no more, because gateways leave out
 * what they do not have and the provider adds fields at any time. Every other field passes unchanged.
 */

/** An event of the wire, or one of our own, which travels under its own name. */
export type KnownEvent = Exclude<StreamEvent, { type: 'unknown' }>;

const record = object({});

const index = numberThat(isBlockIndex, `an integer from 0 to ${MAX_BLOCK_INDEX}`);

const toolUse = { id: text, name: text };
const toolResult = { tool_use_id: text };

/** One content block. A block of an unknown type needs only its `type`. */
export const contentBlockSchema: z.ZodMiniType<AnyContentBlock> = open({
  text: { text },
  thinking: { thinking: text, signature: nullableText },
  redacted_thinking: { data: text },
  tool_use: toolUse,
  server_tool_use: toolUse,
  mcp_tool_use: toolUse,
  web_search_tool_result: toolResult,
  web_fetch_tool_result: toolResult,
  code_execution_tool_result: toolResult,
  bash_code_execution_tool_result: toolResult,
  text_editor_code_execution_tool_result: toolResult,
  tool_search_tool_result: toolResult,
  advisor_tool_result: toolResult,
  mcp_tool_result: toolResult,
  container_upload: { file_id: text },
  compaction: { content: nullableText },
} satisfies Partial<Record<KnownBlock['type'], Shape>>);

/** One delta. A delta of an unknown type needs only its `type`. */
export const deltaSchema: z.ZodMiniType<AnyContentBlockDelta> = open({
  text_delta: { text },
  input_json_delta: { partial_json: text },
  citations_delta: { citation: record },
  thinking_delta: { thinking: text },
  signature_delta: { signature: text },
  compaction_delta: { content: nullableText },
} satisfies Record<KnownDelta['type'], Shape>);

const message = object({
  id: text,
  content: z.array(contentBlockSchema, must('an array')),
  stop_reason: nullableText,
  usage: z.nullish(record),
});

/** The schema of each event type, including our own three. An `unknown` event has no schema. */
export const eventSchemas: { readonly [T in KnownEvent['type']]: z.ZodMiniType<EventOf<T>> } = {
  message_start: event('message_start', { message }),
  content_block_start: event('content_block_start', { index, content_block: contentBlockSchema }),
  content_block_delta: event('content_block_delta', { index, delta: deltaSchema }),
  content_block_stop: event('content_block_stop', { index }),
  message_delta: event('message_delta', {
    delta: object({ stop_reason: nullableText, stop_sequence: nullableText }),
    usage: z.nullish(record),
  }),
  message_stop: event('message_stop', {}),
  ping: event('ping', {}),
  error: event('error', { error: object({ type: text, message: text }), request_id: nullableText }),
  block_abort: event('block_abort', { index, reason: text }),
  tool_result: event('tool_result', {
    tool_use_id: text,
    is_error: z.optional(z.literal([true, false], must('true or false'))),
  }),
  reset: event('reset', { attempt: place }),
};

/** Any event of the Messages API stream, after its JSON is parsed. */
export const eventSchema: z.ZodMiniType<KnownEvent> = byType(eventSchemas);

/** The schema of an event type, if there is one. */
export const schemaOf: (type: string) => z.ZodMiniType<KnownEvent> | undefined = lookup(eventSchemas);

function event<T extends KnownEvent['type']>(type: T, shape: Shape): z.ZodMiniType<EventOf<T>> {
  return object({ type: oneOf(type), ...shape });
}

/** Objects of these types have these fields; objects of any other type need only their `type`. */
function open<T extends object>(shapes: Readonly<Record<string, Shape>>): z.ZodMiniType<T> {
  const schemas = Object.entries(shapes).map(([type, shape]) => [type, object(shape)] as const);
  return byType(Object.fromEntries(schemas), object({ type: text }));
}
