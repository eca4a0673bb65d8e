import type { ZodMiniType } from 'zod/mini';
import type { StreamEvent } from '../../events/event.js';
import type { Frame } from '../../wire/frame.js';
import type { Codec, Decoder, Encoder } from '../codec.js';
import { eventIn } from './decoder.js';
import { eventSchema, type KnownEvent } from './wire.js';

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
export const anthropic: Codec<KnownEvent> & { readonly schema: ZodMiniType<KnownEvent> } = {
  name: 'anthropic',
  framing: 'sse',
  schema: eventSchema,
  decoder: (): Decoder => ({
    next: eventsIn,
    end: () => [],
  }),
  encoder: (): Encoder => ({
    next: (event) => [frameOf(event)],
    end: () => [],
  }),
};

function eventsIn(frame: Frame): readonly StreamEvent[] {
  const event = eventIn(frame);
  return event === undefined ? [] : [event];
}

function frameOf(event: StreamEvent): Frame {
  return event.type === 'unknown'
    ? { event: event.name, data: JSON.stringify(event.data) ?? 'null' }
    : { event: event.type, data: JSON.stringify(event) };
}
