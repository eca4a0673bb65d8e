import * as z from 'zod';
import { plainObject } from '../kit/shape.js';
import type {
  ModelRelayRecord,
  NdjsonStreamEvent,
  ResponsesStreamEnvelope,
  ResponsesStreamRecordV1,
} from './records.js';

/**
 * What is asked of each record: that the fields which meaning depends on are of their type where they stand. All of
 * them may be left out, or be `null`. Every other field passes as it came.
 */

const text = z.string();
const nullableText = text.nullish();
const count = z.number().min(0).nullish();
const place = z.int().min(0).nullish();

const call = plainObject({
  id: nullableText,
  type: nullableText,
  function: plainObject({ name: nullableText, arguments: nullableText }).nullish(),
});

const callDelta = plainObject({
  index: place,
  id: nullableText,
  type: nullableText,
  function: plainObject({ name: nullableText, arguments: nullableText }).nullish(),
});

const shared = {
  model: nullableText,
  state_id: nullableText,
  stop_reason: nullableText,
  usage: plainObject({ input_tokens: count, output_tokens: count, total_tokens: count }).nullish(),
  tool_call_delta: callDelta.nullish(),
  tool_calls: z.array(call).nullish(),
};

const typed = {
  ...shared,
  request_id: nullableText,
  provider: nullableText,
  stream_mode: nullableText,
  stream_version: nullableText,
  reasoning_delta: nullableText,
  complete_fields: z.array(text).nullish(),
  citations: z.array(plainObject({ url: nullableText, title: nullableText })).nullish(),
  tool_call: call.nullish(),
  index: place,
  id: nullableText,
  name: nullableText,
  arguments: nullableText,
  tool_type: nullableText,
  code: nullableText,
  message: nullableText,
  status: z.number().nullish(),
};

/** The names are read as the SDKs read a type: without the spaces around it, and in any case. */
function oneOf<T extends string>(...names: readonly T[]): z.ZodType {
  const known: ReadonlySet<string> = new Set(names);
  return text.refine((name) => known.has(name.trim().toLowerCase()), 'Not a type that is known');
}

/** A record of the dialect `event`. */
export const ndjsonStreamEventSchema = plainObject<NdjsonStreamEvent>({
  ...shared,
  event: oneOf<NdjsonStreamEvent['event']>(
    'message_start',
    'message_delta',
    'message_stop',
    'tool_use_start',
    'tool_use_delta',
    'tool_use_stop',
    'ping',
    'keepalive',
  ),
  response_id: nullableText,
  text_delta: nullableText,
});

const type = oneOf<ResponsesStreamEnvelope['type']>(
  'start',
  'update',
  'reasoning_delta',
  'tool_use_start',
  'tool_use_delta',
  'tool_use_stop',
  'completion',
  'error',
  'keepalive',
  'ping',
);

/** A record of the dialect `v2`; one of `v1` too, whose payload is any other here. */
export const responsesStreamEnvelopeSchema = plainObject<ResponsesStreamEnvelope>({
  ...typed,
  type,
  delta: nullableText,
  content: nullableText,
  patch: z.array(plainObject({ op: text, path: text })).nullish(),
});

/** A record of the dialect `v1`. */
export const responsesStreamRecordV1Schema = plainObject<ResponsesStreamRecordV1>({
  ...typed,
  type,
  payload: z.record(text, z.unknown()).nullish(),
});

/** A record of any dialect. */
export const modelRelayRecordSchema: z.ZodType<ModelRelayRecord> = z.union([
  ndjsonStreamEventSchema,
  responsesStreamEnvelopeSchema,
]);
