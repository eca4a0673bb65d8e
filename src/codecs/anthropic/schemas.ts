import * as z from 'zod';
import type { AnyContentBlock } from '../../events/block.js';
import type { AnyContentBlockDelta } from '../../events/delta.js';
import { MAX_BLOCK_INDEX } from '../../events/blockIndex.js';
import type { EventOf, StreamEvent } from '../../events/event.js';
import { plainObject } from '../kit/shape.js';

/**
 * What is asked of each event on the wire: the fields that meaning depends on, and no more, because gateways leave
 * out what they do not have and the provider adds fields at any time. Every other field passes as it came.
 */

const text = z.string();
const nullableText = text.nullish();
const record = z.record(z.string(), z.unknown());

const index = z.int().min(0).max(MAX_BLOCK_INDEX);

const toolUse = { id: text, name: text };
const toolResult = { tool_use_id: text };

const BLOCK_SHAPES: Partial<Record<AnyContentBlock['type'], Record<string, z.ZodType>>> = {
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
};

const DELTA_SHAPES: Record<AnyContentBlockDelta['type'], Record<string, z.ZodType>> = {
  text_delta: { text },
  input_json_delta: { partial_json: text },
  citations_delta: { citation: record },
  thinking_delta: { thinking: text },
  signature_delta: { signature: text },
  compaction_delta: { content: nullableText },
};

/** One content block; a type that this version does not know needs nothing but its `type`. */
export const contentBlockSchema = byType<AnyContentBlock>(BLOCK_SHAPES);

/** One delta; a type that this version does not know needs nothing but its `type`. */
export const deltaSchema = byType<AnyContentBlockDelta>(DELTA_SHAPES);

const messageSchema = plainObject({
  id: text,
  content: z.array(contentBlockSchema),
  stop_reason: nullableText,
  usage: record.nullish(),
});

/** The schema of each event type, our own four but `unknown` included. */
export const eventSchemas: {
  readonly [T in Exclude<StreamEvent['type'], 'unknown'>]: z.ZodType<EventOf<T>>;
} = {
  message_start: event('message_start', { message: messageSchema }),
  content_block_start: event('content_block_start', { index, content_block: contentBlockSchema }),
  content_block_delta: event('content_block_delta', { index, delta: deltaSchema }),
  content_block_stop: event('content_block_stop', { index }),
  message_delta: event('message_delta', {
    delta: plainObject({ stop_reason: nullableText, stop_sequence: nullableText }),
    usage: record.nullish(),
  }),
  message_stop: event('message_stop', {}),
  ping: event('ping', {}),
  error: event('error', { error: plainObject({ type: text, message: text }), request_id: nullableText }),
  block_abort: event('block_abort', { index, reason: text }),
  tool_result: event('tool_result', { tool_use_id: text, is_error: z.boolean().optional() }),
  reset: event('reset', { attempt: z.int().min(0) }),
};

/** Any event of the Messages API stream, as its JSON is parsed. */
export const eventSchema: z.ZodType<Exclude<StreamEvent, { type: 'unknown' }>> = z.union(
  Object.values(eventSchemas),
);

function event<T extends Exclude<StreamEvent['type'], 'unknown'>>(
  type: T,
  shape: Record<string, z.ZodType>,
): z.ZodType<EventOf<T>> {
  return plainObject<EventOf<T>>({ type: z.literal(type), ...shape });
}

/** A lookup by `type`: a union would try each member in turn, and say of a wrong field that no member fits. */
function byType<T extends { readonly type: string }>(
  shapes: Partial<Record<T['type'], Record<string, z.ZodType>>>,
): z.ZodType<T> {
  const schemas = new Map(
    Object.entries<Record<string, z.ZodType> | undefined>(shapes).map(([type, shape]) => [
      type,
      plainObject(shape ?? {}),
    ]),
  );
  return plainObject<T>({ type: text }).superRefine((value, context) => {
    const issues = schemas.get(value.type)?.safeParse(value).error?.issues ?? [];
    for (const { path, message } of issues) context.addIssue({ code: 'custom', path, message });
  });
}
