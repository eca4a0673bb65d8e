import * as z from 'zod/mini';
import { chosen, count, listOf, must, nullableText, object, place, text, that } from '../kit/shape.js';
import { namingOf } from './kinds.js';
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

const nullablePlace = z.nullish(place);
const named = z.nullish(object({ name: nullableText, arguments: nullableText }));

const call = object({ id: nullableText, type: nullableText, function: named });

const callDelta = object({ index: nullablePlace, id: nullableText, type: nullableText, function: named });

const shared = {
  model: nullableText,
  state_id: nullableText,
  stop_reason: nullableText,
  usage: z.nullish(object({ input_tokens: count, output_tokens: count, total_tokens: count })),
  tool_call_delta: z.nullish(callDelta),
  tool_calls: listOf(call),
};

const typed = {
  ...shared,
  request_id: nullableText,
  provider: nullableText,
  stream_mode: nullableText,
  stream_version: nullableText,
  reasoning_delta: nullableText,
  complete_fields: listOf(text),
  citations: listOf(object({ url: nullableText, title: nullableText })),
  tool_call: z.nullish(call),
  index: nullablePlace,
  id: nullableText,
  name: nullableText,
  arguments: nullableText,
  tool_type: nullableText,
  code: nullableText,
  message: nullableText,
  status: z.nullish(z.number(must('a number'))),
};

/** The names are read as the SDKs read a type: without the spaces around it, and in any case. */
function wordOf(
  ...names: readonly (NdjsonStreamEvent['event'] | ResponsesStreamEnvelope['type'])[]
): z.ZodMiniType {
  const known: ReadonlySet<string> = new Set(names);
  return that(text, (name) => known.has(name.trim().toLowerCase()), names.join(' or '));
}

/** A record of the dialect `event`. */
export const ndjsonStreamEventSchema = object<NdjsonStreamEvent>({
  ...shared,
  event: wordOf(
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

const type = wordOf(
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
export const responsesStreamEnvelopeSchema = object<ResponsesStreamEnvelope>({
  ...typed,
  type,
  delta: nullableText,
  content: nullableText,
  patch: listOf(object({ op: text, path: text })),
});

/** A record of the dialect `v1`. */
export const responsesStreamRecordV1Schema = object<ResponsesStreamRecordV1>({
  ...typed,
  type,
  payload: z.nullish(object({})),
});

/** A record of any dialect. */
export const modelRelayRecordSchema: z.ZodMiniType<ModelRelayRecord> = chosen((record) =>
  namingOf(record)?.key === 'event' ? ndjsonStreamEventSchema : responsesStreamEnvelopeSchema,
);
