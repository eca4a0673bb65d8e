import type { AnyContentBlock, KnownBlock } from '../../events/block.js';
import { isBlockIndex, MAX_BLOCK_INDEX } from '../../events/block.js';
import type { AnyContentBlockDelta, CitationsDelta, KnownDelta } from '../../events/delta.js';
import type { EventOf, StreamEvent } from '../../events/event.js';
import { isObject } from '../kit/json.js';
import {
  arrayOf,
  byType,
  flag,
  lookup,
  nullish,
  nullableText,
  object,
  oneOf,
  or,
  place,
  text,
  that,
  type Schema,
  type Shape,
  someInput,
  someText,
} from '../kit/shape.js';

/**
 * What the schemas require of each event: the fields that its meaning depends on, and no more, because gateways leave out
 * what they do not have and the provider adds fields at any time. Every other field passes unchanged. Where a required
 * field is absent, `null` or empty and that can only mean one thing, `or` says which; what identifies has no such value.
 */

/** An event of the wire, or one of our own, which travels under its own name. */
export type KnownEvent = Exclude<StreamEvent, { type: 'unknown' }>;

const record = object({});

/** Gateways leave it out; `null` would be a usage that is none. */
const usage = that('an object', (value) => value === undefined || isObject(value));

const index = that<number>(`an integer from 0 to ${MAX_BLOCK_INDEX}`, isBlockIndex);

const reason = nullish(that<string>('a text', (value) => typeof value === 'string' && value !== ''));
/** A call without an id or a name begins, and is given up where it ends: {@link unusable}. */
const toolUse = { id: someText, name: someText, input: someInput };
/** One of no call begins and is given up, too. */
const toolResult = { tool_use_id: someText };

/** One content block. A block of an unknown type needs only its `type`. */
export const contentBlockSchema: Schema<AnyContentBlock> = open({
  text: { text: someText },
  thinking: { thinking: someText, signature: someText },
  redacted_thinking: { data: someText },
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

/** The citation of a delta that has none. */
export const NO_CITATION = {} as CitationsDelta['citation'];

/** What an absent delta stands for: one that adds nothing. */
const NO_DELTA: CitationsDelta = { type: 'citations_delta', citation: NO_CITATION };

/** One delta. A delta of an unknown type needs only its `type`. */
export const deltaSchema: Schema<AnyContentBlockDelta> = open({
  text_delta: { text: someText },
  input_json_delta: { partial_json: someText },
  citations_delta: { citation: or(record, () => NO_CITATION) },
  thinking_delta: { thinking: someText },
  signature_delta: { signature: someText },
  compaction_delta: { content: nullableText },
} satisfies Record<KnownDelta['type'], Shape>);

const message = object({
  id: someText,
  content: or(arrayOf(contentBlockSchema), () => []),
  stop_reason: reason,
  usage: or(usage, () => ({ input_tokens: 0, output_tokens: 0 })),
});

/** The schema of each event type, including our own. An `unknown` event has no schema. */
export const eventSchemas: { readonly [T in KnownEvent['type']]: Schema<EventOf<T>> } = {
  message_start: event('message_start', { message }),
  content_block_start: event('content_block_start', { index, content_block: contentBlockSchema }),
  content_block_delta: event('content_block_delta', { index, delta: or(deltaSchema, () => NO_DELTA) }),
  content_block_stop: event('content_block_stop', { index }),
  message_delta: event('message_delta', {
    delta: or(object({ stop_reason: reason, stop_sequence: nullableText }), () => ({ stop_reason: null })),
    usage: or(usage, () => ({})),
  }),
  message_stop: event('message_stop', {}),
  ping: event('ping', {}),
  error: event('error', { error: object({ type: text, message: text }), request_id: nullableText }),
  block_abort: event('block_abort', { index, reason: text }),
  tool_result: event('tool_result', {
    tool_use_id: text,
    is_error: nullish(flag),
    preliminary: nullish(flag),
    cancelled: nullish(flag),
  }),
  tool_approval: event('tool_approval', { tool_use_id: text, state: text, reason: nullish(text) }),
  reset: event('reset', { attempt: place }),
};

/** Any event of the Messages API stream, after its JSON is parsed. */
export const eventSchema: Schema<KnownEvent> = byType(eventSchemas);

/** The schema of an event type, if there is one. */
export const schemaOf: (type: string) => Schema<KnownEvent> | undefined = lookup(eventSchemas);

function event<T extends KnownEvent['type']>(type: T, shape: Shape): Schema<EventOf<T>> {
  return object({ type: oneOf(type), ...shape });
}

/** Objects of these types have these fields; objects of any other type need only their `type`. */
function open<T extends object>(shapes: Readonly<Record<string, Shape>>): Schema<T> {
  const schemas = Object.entries(shapes).map(([type, shape]) => [type, object(shape)] as const);
  return byType(Object.fromEntries(schemas), object({ type: text }));
}
