import type { Json } from '../kit/json.js';
import {
  anything,
  chosen,
  count,
  holding,
  listOf,
  nullableText,
  nullish,
  number,
  object,
  place,
  text,
  that,
  type Schema,
  type Output,
} from '../kit/shape.js';
import { words } from '../kit/words.js';

/**
 * The records of ModelRelay. The schemas ask that the fields which the meaning depends on are of their type. All of
 * them may be left out, or be `null`; every other field passes as it came.
 */

/** How records are spelled: by `event`, or by `type` as v1 and v2 of the service's own stream do. */
export type ModelRelayDialect = 'event' | 'v1' | 'v2';

const OF_BOTH = ['tool_use_start', 'tool_use_delta', 'tool_use_stop', 'error', 'keepalive', 'ping'] as const;
/** What the `type` of a record may say. `ping` is known to one SDK, `reasoning_delta` to another. */
const TYPES = ['start', 'update', 'reasoning_delta', 'completion', ...OF_BOTH] as const;
/** What only the `event` of a record says, beside the type that means the same. */
const EVENTS = [
  ['message_start', 'start'],
  ['message_delta', 'update'],
  ['message_stop', 'completion'],
] as const;

/** The names of the dialect `event` beside the types of the others. */
export const eventNames = words([...EVENTS, ['ping', 'keepalive']]);

/** What a record is about, whatever its dialect calls it. */
export type Kind = (typeof TYPES)[number];
type EventName = (typeof OF_BOTH)[number] | (typeof EVENTS)[number][0];

const KINDS = {
  type: new Map<string, Kind>(TYPES.map((type) => [type, type])),
  event: new Map<string, Kind>([...OF_BOTH.map((name) => [name, name] as const), ...EVENTS]),
};

/** The stop reasons of the service beside ours, which come first. Its SDKs read a reason in any case, and so do we. */
export const stopReasons = words(
  [
    ['end_turn', 'end_turn', 'stop', 'completed'],
    ['max_tokens', 'max_tokens', 'max_len', 'length'],
    ['stop_sequence', 'stop_sequence'],
    ['tool_use', 'tool_calls'],
    ['model_context_window_exceeded', 'max_context'],
    ['refusal', 'content_filter'],
    ['time_limit', 'time_limit'],
    ['incomplete', 'incomplete'],
    ['unknown', 'unknown'],
  ].flatMap(([ours = '', ...theirs]) => theirs.map((their) => [their, ours] as const)),
  plain,
);

const toolType = nullableText as Schema as Schema<RelayToolType | null | undefined>;
const usage = holding({ input_tokens: count, output_tokens: count, total_tokens: count });
const citation = holding({ url: nullableText, title: nullableText });
const call = {
  id: nullableText,
  type: toolType,
  function: nullish(holding({ name: nullableText, arguments: nullableText })),
};
const callDelta = holding({
  ...call,
  /** Its number among the calls of the answer. */
  index: nullish(place),
});
const shared = {
  model: nullableText,
  /** Why the model stopped (`completion`, `message_stop`). */
  stop_reason: nullableText,
  usage: nullish(usage),
  /** What is new of a call (`tool_use_start`, `tool_use_delta`). */
  tool_call_delta: nullish(callDelta),
  /** Finished calls (`tool_use_stop`, and those that end an answer). */
  tool_calls: listOf(object<RelayToolCall>(call)),
  /** A UUID: names the conversation that the service holds. */
  state_id: nullableText,
};
const typed = {
  ...shared,
  type: known('type') as Schema<Kind>,
  /** The answer's own id (`start`). */
  request_id: nullableText,
  provider: nullableText,
  /** `text-delta` or `structured-patch`. */
  stream_mode: nullableText,
  /** `v2`. */
  stream_version: nullableText,
  /** More thinking (`reasoning_delta`). */
  reasoning_delta: nullableText,
  /** Dot paths of the document's values that are final (`update`). */
  complete_fields: listOf(text),
  citations: listOf(citation),
  /** Stands for `tool_calls` with this one alone. */
  tool_call: nullish(object<RelayToolCall>(call)),
  /** What the call gave, where the service ran it (`tool_use_stop`). */
  tool_result: anything,
  /** These five stand for a `tool_call_delta`. */
  index: nullish(place),
  id: nullableText,
  name: nullableText,
  arguments: nullableText,
  tool_type: toolType,
  /** What went wrong, in a word, in a sentence and as an HTTP status (`error`). */
  code: nullableText,
  message: nullableText,
  status: nullish(number),
};
/** A record of the dialect `event`. */
export const ndjsonStreamEventSchema = holding({
  ...shared,
  event: known('event') as Schema<EventName>,
  /** The answer's own id (`message_start`). */
  response_id: nullableText,
  /** More text (`message_delta`). */
  text_delta: nullableText,
});
/** A record of the dialect `v2`; one of `v1` too, whose payload is any other here. */
export const responsesStreamEnvelopeSchema = holding({
  ...typed,
  /** More text (`update`). */
  delta: nullableText,
  /** The whole text, not more of it (`completion`). */
  content: nullableText,
  /** What changes in the document (`update` of an answer that is one). */
  patch: listOf(object<JsonPatchOperation>({ op: text, path: text })),
  /** The whole document (`completion` of an answer that is one). */
  payload: anything,
});
/** A record of the dialect `v1`. */
export const responsesStreamRecordV1Schema = holding({ ...typed, payload: nullish(object<Json>({})) });

/** Tokens of an answer. What is absent is zero, and the total is derived where it is. */
export interface RelayUsage extends Output<typeof usage> {}

/** What a call is of: a function, or a tool that is named by this type alone. */
export type RelayToolType = 'function' | 'web' | 'x_search' | 'code_execution' | 'image_generation';

/** A call that is finished. `arguments` is JSON text. */
export interface RelayToolCall {
  readonly id: string;
  readonly type: RelayToolType;
  readonly function?: { readonly name: string; readonly arguments: string };
}

/** What is new of a call. The pieces of `arguments`, joined, are JSON text. */
export interface RelayToolCallDelta extends Output<typeof callDelta> {}

/** A page that the answer is based on. */
export interface RelayCitation extends Output<typeof citation> {}

/** A step of RFC 6902, of an answer that is a JSON document. */
export interface JsonPatchOperation {
  readonly op: 'add' | 'remove' | 'replace' | 'move' | 'copy' | 'test';
  readonly path: string;
  readonly from?: string;
  readonly value?: unknown;
}

/** A record of the dialect `event`: the `NDJSONStreamEvent` of the service's OpenAPI schema, for `application/x-ndjson`. */
export interface NdjsonStreamEvent extends Output<typeof ndjsonStreamEventSchema> {}

/**
 * A record of the dialect `v2`: what the OpenAPI schema calls `ResponsesStreamEnvelope`, with the fields and types
 * that the SDKs know beside it. It answers `Accept: application/x-ndjson; profile="responses-stream/v2"`.
 */
export interface ResponsesStreamEnvelope extends Output<typeof responsesStreamEnvelopeSchema> {}

/**
 * A record of the dialect `v1`, which `v2` replaced: as there, but the `payload` of an `update` holds the text as far
 * as it has come, and that of a `completion` the whole of it, as `{ content }`.
 */
export interface ResponsesStreamRecordV1 extends Output<typeof responsesStreamRecordV1Schema> {}

/** A record of any of the three dialects. */
export type ModelRelayRecord = NdjsonStreamEvent | ResponsesStreamEnvelope | ResponsesStreamRecordV1;

/** What a record may hold, whatever its dialect. */
export type Fields = Partial<Omit<NdjsonStreamEvent, 'event'> & Omit<ResponsesStreamEnvelope, 'type'>>;

/**
 * What the service says of an answer and a `Message` has no field for. The codec reads it as fields of
 * `message_start`'s message, or of `message_delta` where it was told only then: the finished message has it either
 * way, and the encoder writes back what its dialect has a field for.
 */
export interface RelayFields {
  /** Who was asked: `openai`, `anthropic`, … */
  readonly provider?: string;
  /** Names the conversation that the service holds. */
  readonly state_id?: string;
  readonly citations?: readonly RelayCitation[];
}

/** A record of any dialect. */
export const modelRelayRecordSchema: Schema<ModelRelayRecord> = chosen((record) =>
  namingOf(record)?.key === 'event' ? ndjsonStreamEventSchema : responsesStreamEnvelopeSchema,
);

/**
 * Reads what a record is. `type` goes before `event`.
 *
 * @returns the field that names it, its name as it came and what is known by it; `undefined` where it has no name
 */
export function namingOf({ type, event }: Json): Naming | undefined {
  return namingBy('type', type) ?? namingBy('event', event);
}
type Key = keyof typeof KINDS;
type Naming = { readonly key: Key; readonly name: string; readonly kind: Kind | undefined };

function namingBy(key: Key, name: unknown): Naming | undefined {
  if (typeof name !== 'string') return undefined;
  const kind = kindOf(key, name);
  return kind === undefined && plain(name) === '' ? undefined : { key, name, kind };
}

function kindOf(key: Key, name: string): Kind | undefined {
  return KINDS[key].get(name) ?? KINDS[key].get(plain(name));
}

/** A name that is known in this field. */
function known(key: Key): Schema {
  const names = [...KINDS[key].keys()].join(' or ');
  return that(names, (name) => typeof name === 'string' && kindOf(key, name) !== undefined);
}

/** The SDKs read a name without the spaces around it, and in any case. */
function plain(name: string): string {
  return name.trim().toLowerCase();
}
