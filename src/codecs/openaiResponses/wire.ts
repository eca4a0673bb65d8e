import type { Json } from '../kit/json.js';
import { isObject } from '../kit/json.js';
import {
  anything,
  byType,
  chosen,
  count,
  holding,
  kinds,
  listOf,
  lookup,
  nullableText,
  nullish,
  object,
  or,
  place,
  someText,
  text,
  that,
  type Output,
  type Schema,
} from '../kit/shape.js';
import { words } from '../kit/words.js';

/**
 * The events of the Responses API. The schemas ask that the members which the meaning depends on are of their type; every
 * other member passes as it came.
 *
 * @see https://platform.openai.com/docs/api-reference/responses-streaming
 */

const usage = holding({
  input_tokens: count,
  input_tokens_details: nullish(holding({ cached_tokens: count, cache_write_tokens: count })),
  output_tokens: count,
  output_tokens_details: nullish(holding({ reasoning_tokens: count })),
  total_tokens: count,
});

/** Tokens of an answer. `input_tokens` includes what the cache served and what was written to it. */
export interface ResponsesUsage extends Output<typeof usage> {}

const part = holding({
  type: nullableText,
  text: nullableText,
  refusal: nullableText,
  annotations: listOf(object<Json>({})),
});

/** A part of a message, or of reasoning. */
export interface ResponsesPart extends Output<typeof part> {}

/** The JSON of an input, or the input as it is; whatever else stands there was damaged. */
const someArguments = that(
  'a text or an object',
  (value) => typeof (value ?? '') === 'string' || isObject(value),
);

const item = holding({
  type: text,
  id: nullableText,
  status: nullableText,
  /** Names a call for its result (`function_call`, `custom_tool_call`, and others). */
  call_id: nullableText,
  name: nullableText,
  /** JSON text; of a `tool_search_call` an object. */
  arguments: someArguments,
  /** The free text that a `custom_tool_call` is given. */
  input: nullableText,
  /** The program of a `code_interpreter_call`. */
  code: nullableText,
  /** The parts of a `message`, and of `reasoning` that is shown as it is. */
  content: listOf(part),
  /** The parts of `reasoning` that is shown in summary. */
  summary: listOf(part),
  encrypted_content: nullableText,
  server_label: nullableText,
});

/** An item of the output, of any type; what it holds besides passes as it came. */
export interface ResponsesItem extends Output<typeof item> {
  readonly [member: string]: unknown;
}

/** The types of items that are read. Any other item passes as it is, and so does what it holds. */
export const READ_ITEMS: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'message',
  'reasoning',
  'function_call',
  'custom_tool_call',
  'mcp_call',
  'mcp_list_tools',
  'web_search_call',
  'code_interpreter_call',
  'compaction',
]);
const otherItem = object<ResponsesItem>({ type: text });
const someItem = chosen<ResponsesItem>(({ type }) => (READ_ITEMS.has(type as string) ? item : otherItem));

const response = holding({
  id: nullableText,
  model: nullableText,
  /** `in_progress`, `completed`, `incomplete`, `failed`, … */
  status: nullableText,
  output: listOf(someItem),
  usage: nullish(usage),
  error: nullish(object<Json>({})),
  /** `max_output_tokens`, `content_filter`, … */
  incomplete_details: nullish(holding({ reason: nullableText })),
});
/** An answer as far as it is known. */
export interface ResponsesResponse extends Output<typeof response> {}

const life = { response: nullish(response) };
/** Which item. Some servers leave the index out, and name the item by its id. */
const ofItem = { output_index: nullish(place), item_id: nullableText };
const ofContent = { ...ofItem, content_index: or(place, () => 0) };
const ofSummary = { ...ofItem, summary_index: or(place, () => 0) };
const growth = { delta: someText };
const whole = { text: nullableText };

const schemas = {
  ...kinds({
    'response.created': life,
    'response.queued': life,
    'response.in_progress': life,
    'response.completed': life,
    'response.incomplete': life,
    'response.failed': life,
    'response.output_item.added': { ...ofItem, item: someItem },
    'response.output_item.done': { ...ofItem, item: someItem },
    'response.content_part.added': { ...ofContent, part },
    'response.content_part.done': { ...ofContent, part },
    'response.output_text.delta': { ...ofContent, ...growth },
    'response.output_text.done': { ...ofContent, ...whole },
    'response.output_text.annotation.added': { ...ofContent, annotation: nullish(object<Json>({})) },
    'response.refusal.delta': { ...ofContent, ...growth },
    'response.refusal.done': { ...ofContent, refusal: nullableText },
    'response.reasoning_summary_part.added': { ...ofSummary, part },
    'response.reasoning_summary_part.done': { ...ofSummary, part },
    'response.reasoning_summary_text.delta': { ...ofSummary, ...growth },
    'response.reasoning_summary_text.done': { ...ofSummary, ...whole },
    'response.reasoning_text.delta': { ...ofContent, ...growth },
    'response.reasoning_text.done': { ...ofContent, ...whole },
    'response.function_call_arguments.delta': { ...ofItem, ...growth },
    'response.function_call_arguments.done': { ...ofItem, arguments: someArguments },
    'response.mcp_call_arguments.delta': { ...ofItem, ...growth },
    'response.mcp_call_arguments.done': { ...ofItem, arguments: someArguments },
    'response.custom_tool_call_input.delta': { ...ofItem, ...growth },
    'response.custom_tool_call_input.done': { ...ofItem, input: nullableText },
    'response.code_interpreter_call_code.delta': { ...ofItem, ...growth },
    'response.code_interpreter_call_code.done': { ...ofItem, code: nullableText },
    /** Undocumented: keeps the connection alive. */
    keepalive: {},
  }),
  ...kinds({
    /** Flat as the reference has it, or with all of it in `error`. */
    error: { error: anything, code: anything, message: anything, param: anything },
  }),
};

/** What ends, or what went wrong, may be called an error by a server in front: {@link schemaOf} does not check it. */
type Schemas = typeof schemas;

/** An event of the stream. The events of tools that the provider runs are not among them: they pass as they came. */
export type ResponsesEvent = { [Type in keyof Schemas]: Output<Schemas[Type]> }[keyof Schemas];

/** Any event of the stream. */
export const responsesEventSchema: Schema<ResponsesEvent> = byType(schemas);

/** What a known event holds, whatever its type. */
export const schemaOf = lookup(
  schemas as Readonly<Record<string, Schema>> as Readonly<Record<string, Schema<Fields>>>,
);

/** What an event may hold, whatever its type. */
export interface Fields {
  readonly response?: ResponsesResponse | null;
  readonly output_index?: number | null;
  readonly item_id?: string | null;
  readonly content_index?: number;
  readonly summary_index?: number;
  readonly item?: ResponsesItem;
  readonly part?: ResponsesPart;
  readonly annotation?: Json | null;
  readonly delta?: string;
  readonly text?: string | null;
  readonly refusal?: string | null;
  readonly arguments?: unknown;
  readonly input?: string | null;
  readonly code?: string | null;
}

const TOOL_EVENTS: Readonly<Record<string, readonly string[]>> = {
  web_search_call: ['in_progress', 'searching', 'completed'],
  file_search_call: ['in_progress', 'searching', 'completed'],
  code_interpreter_call: ['in_progress', 'interpreting', 'completed'],
  image_generation_call: ['in_progress', 'generating', 'partial_image', 'completed'],
  mcp_call: ['in_progress', 'completed', 'failed'],
  mcp_list_tools: ['in_progress', 'completed', 'failed'],
  shell_call_command: ['added', 'delta', 'done'],
  shell_call_output_content: ['delta', 'done'],
  apply_patch_call_operation_diff: ['delta', 'done'],
  compaction: ['compacting'],
  audio: ['delta', 'done'],
  'audio.transcript': ['delta', 'done'],
};

/** The events that have no counterpart: how far a tool of the provider has come, audio. */
export const PASSED: ReadonlySet<string> = /* @__PURE__ */ new Set(
  /* @__PURE__ */ Object.entries(TOOL_EVENTS).flatMap(([of, steps]) =>
    steps.map((step) => `response.${of}.${step}`),
  ),
);

/** Why an answer is incomplete. Any other reason passes as it came. */
export const incompleteReasons = words([
  ['max_output_tokens', 'max_tokens'],
  ['content_filter', 'refusal'],
]);

/** The id of an item that has none of its own. Readers check how it begins. */
export function madeId(prefix: string, responseId: string, index: number): string {
  return `${prefix}_${responseId}_${index}`;
}

/** What the codec adds to a block's start, and writes back. A block with these is not to be sent to another provider. */
export interface ResponsesFields {
  /** The id of its item. */
  readonly item_id?: string;
  /** Of a text: `commentary` or `final_answer`. */
  readonly phase?: string;
  /** Of a call: the group that its tool belongs to. */
  readonly namespace?: string;
  /** Of a call to an MCP server: the request for approval that it goes back to. */
  readonly approval_request_id?: string;
  /** Of a program that the provider runs: where it runs. */
  readonly container_id?: string;
}
