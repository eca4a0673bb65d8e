import type { z } from 'zod';
import { isBlockIndex } from '../../events/blockIndex.js';
import type { StreamEvent } from '../../events/event.js';
import type { Frame } from '../../wire/frame.js';
import type { Codec, Decoder, DecoderOptions, Encoder } from '../codec.js';
import type { Carries } from '../features.js';
import { isObject, malformedFrame, readFrame, shaped } from '../kit/policy.js';
import { eventSchema, eventSchemas } from './schemas.js';

/** The canonical events are spelled as they are here, so that nothing is lost. */
const CARRIES: Carries = {
  messageId: true,
  model: true,
  inputUsage: true,
  text: true,
  citations: true,
  thinking: true,
  signatures: true,
  redactedThinking: true,
  toolUse: true,
  emptyInput: true,
  serverToolUse: true,
  providerResults: true,
  toolResults: true,
  toolResultValues: true,
  toolResultErrors: true,
  boundaries: true,
  emptyBlocks: true,
  interleaving: true,
  stopReason: true,
  stopSequence: true,
  usage: true,
  cacheUsage: true,
  pings: true,
  errors: true,
  errorTypes: true,
  requestIds: true,
  blockAborts: true,
  resets: 'carried; what caused them arrives as its JSON',
  unknown: true,
};

type KnownEvent = Exclude<StreamEvent, { type: 'unknown' }>;

/**
 * The Anthropic Messages wire, over SSE. The canonical `StreamEvent` is spelled as it is here, so decoding checks
 * and passes on.
 *
 * - The JSON's own `type` decides; the SSE event name stands in where it is missing, so streams without `event:`
 *   lines work.
 * - An `error` event is never malformed: plain text, an empty one, or `{"error": …}` without a type become an
 *   `error` event with what they say.
 * - `data: [DONE]`, which some gateways add after the end, is passed over.
 * - Our own events (`block_abort`, `tool_result`, `reset`) travel under their own names. Lost on the way: the
 *   identity of a `reset`'s cause, which arrives as its JSON.
 *
 * @see https://docs.claude.com/en/api/messages-streaming
 */
export const anthropic: Codec<KnownEvent> = {
  name: 'anthropic',
  framing: 'sse',
  schema: eventSchema,
  carries: CARRIES,
  decoder: (options: DecoderOptions = {}): Decoder => ({
    next: (frame) => readFrame(frame, options, eventsIn),
    end: () => [],
  }),
  encoder: (): Encoder => ({
    next: (event) => [encodeEvent(event)],
    end: () => [],
  }),
};

function encodeEvent(event: StreamEvent): Frame {
  return event.type === 'unknown'
    ? { event: event.name, data: JSON.stringify(event.data) ?? 'null' }
    : { event: event.type, data: JSON.stringify(event) };
}

/** The event of a frame; none for a frame that means nothing. */
function eventsIn(frame: Frame): readonly StreamEvent[] {
  const event = eventIn(frame);
  return event === undefined ? [] : [event];
}

function eventIn(frame: Frame): StreamEvent | undefined {
  let value: unknown;
  try {
    value = JSON.parse(frame.data);
  } catch {
    return readText(frame);
  }
  if (isFrequentDelta(value)) return value;
  if (!isObject(value)) return readOther(value, frame);
  const type = typeof value['type'] === 'string' ? value['type'] : undefined;
  if (
    type === 'error' ||
    (type === undefined && (frame.event === 'error' || (value['error'] ?? null) !== null))
  ) {
    return errorEvent(value);
  }
  const name = type ?? frame.event;
  if (name === undefined || (type === undefined && value['type'] !== undefined)) {
    throw malformedFrame(frame, 'The event has no type');
  }
  if (!isKnown(name)) return { type: 'unknown', name, data: value };
  return checked(name, type === undefined ? { ...value, type: name } : value, frame);
}

/** A frame whose data is JSON, but no object: only an error, or an event that is not known, may look like that. */
function readOther(value: unknown, frame: Frame): StreamEvent {
  const { event } = frame;
  if (event === 'error') return errorEvent(value);
  if (event === undefined || isKnown(event)) throw malformedFrame(frame, 'The data is no JSON object');
  return { type: 'unknown', name: event, data: value };
}

/** A frame whose data is no JSON. */
function readText(frame: Frame): StreamEvent | undefined {
  const { data, event } = frame;
  if (event === 'error') return errorEvent(data);
  if (event === undefined && data === '[DONE]') return undefined;
  if (event !== undefined && !isKnown(event)) return { type: 'unknown', name: event, data };
  if (event === undefined || data !== '') throw malformedFrame(frame, 'The data is no JSON');
  return checked(event, { type: event }, frame);
}

function isKnown(name: string): name is KnownEvent['type'] {
  return Object.hasOwn(eventSchemas, name);
}

function checked(type: KnownEvent['type'], value: object, frame: Frame): StreamEvent {
  const schema: z.ZodType<StreamEvent> = eventSchemas[type];
  return shaped(schema, value, type, frame);
}

/**
 * The three deltas that make up nearly all of a stream, checked by hand: without generated code, zod takes as long
 * for one as `JSON.parse`. Whatever is not exactly one of them goes the long way.
 */
function isFrequentDelta(value: unknown): value is StreamEvent {
  const event = value as Partial<Record<string, unknown>> | null;
  if (event?.['type'] !== 'content_block_delta') return false;
  if (!isBlockIndex(event['index'])) return false;
  const delta = event['delta'] as Partial<Record<string, unknown>> | null | undefined;
  switch (delta?.['type']) {
    case 'text_delta':
      return typeof delta['text'] === 'string';
    case 'input_json_delta':
      return typeof delta['partial_json'] === 'string';
    case 'thinking_delta':
      return typeof delta['thinking'] === 'string';
    default:
      return false;
  }
}

/** An error is told whatever its spelling: losing one would make a failure look like success. */
function errorEvent(value: unknown): StreamEvent {
  const { request_id, ...rest }: Record<string, unknown> = isObject(value) ? value : {};
  const body = typeof request_id === 'string' || request_id === null ? { ...rest, request_id } : rest;
  const error = isObject(body['error']) ? body['error'] : {};
  if (typeof error['type'] === 'string' && typeof error['message'] === 'string') {
    return { ...body, type: 'error' } as StreamEvent;
  }
  const said = [error['message'], body['error'], body['message'], value].find(
    (text) => typeof text === 'string' && text !== '',
  );
  return {
    ...body,
    type: 'error',
    error: {
      ...error,
      type: typeof error['type'] === 'string' ? error['type'] : 'api_error',
      message: typeof said === 'string' ? said : 'The server sent an error without a message',
    },
  };
}
