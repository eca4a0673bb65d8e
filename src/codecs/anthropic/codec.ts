import type { StreamEvent } from '../../events/event.js';
import type { Frame } from '../../wire/frame.js';
import type { Codec } from '../codec.js';
import { isStranger } from '../kit/door.js';
import type { StandardSchema } from '../../schema/standardSchema.js';
import { AnthropicDecoder } from './decoder.js';
import { eventSchema, type KnownEvent } from './wire.js';

/**
 * The Anthropic Messages wire, over SSE. `StreamEvent` has the same spelling, so decoding only checks each event and
 * passes it on.
 *
 * - The JSON's own `type` decides. The SSE event name replaces a missing one, and streams without `event:` lines work.
 * - An `error` event is never malformed: plain text, empty data or `{"error": …}` without a type becomes an `error`
 *   event with whatever it says.
 * - `data: [DONE]`, which some gateways add after the end, is ignored.
 * - Our own events (`block_abort`, `tool_result`, `reset`) travel under their own names. The cause of a `reset` arrives
 *   as its JSON and loses its identity.
 *
 * @see https://docs.claude.com/en/api/messages-streaming
 */
export const anthropic: Codec<KnownEvent> & { readonly schema: StandardSchema<KnownEvent, unknown> } = {
  name: 'anthropic',
  framing: 'sse',
  schema: eventSchema,
  decoder: (pass) => new AnthropicDecoder(pass),
  encoder: () => ({ next: framesOf, end: () => [] }),
};

function framesOf(event: StreamEvent): readonly Frame[] {
  if (event.type !== 'unknown') return [{ event: event.type, data: JSON.stringify(event) }];
  const frame = { event: event.name, data: JSON.stringify(event.data) ?? 'null' };
  return isStranger(new AnthropicDecoder(), frame) ? [frame] : [];
}
