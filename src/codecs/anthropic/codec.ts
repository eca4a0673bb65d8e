import { isBlockIndex } from '../../events/block.js';
import type { TextDelta } from '../../events/delta.js';
import type { ContentBlockDeltaEvent, StreamEvent } from '../../events/event.js';
import type { Frame } from '../../wire/frame.js';
import type { Codec } from '../codec.js';
import { isStranger } from '../kit/door.js';
import { guarded } from '../kit/protocols.js';
import type { StandardSchema } from '../../schema/standardSchema.js';
import { shortWay } from '../../wire/shortWay.js';
import { AnthropicDecoder, marking } from './decoder.js';
import { eventSchema, type KnownEvent } from './wire.js';

/**
 * The Anthropic Messages wire, over SSE. `StreamEvent` has the same spelling, so decoding only checks each event and
 * passes it on. It is as tolerant as gateways are careless:
 *
 * - The JSON's own `type` decides. The SSE event name replaces a missing one, and streams without `event:` lines work.
 * - A member that is absent, `null` or empty and can mean one thing only has that: the text of a block or of a delta, the
 *   content of a message, the input of a call, a signature. A call without an id or a name is given up by a `block_abort`
 *   where its block ends.
 * - An error is never malformed: plain text, empty data, `{"error": …}` or `{"detail": …}` without a type, an object of a
 *   type that ends in `Error`: each becomes an `error` event with whatever it says, and with the status that it names.
 * - A block that begins at the index of one that has ended gets the next free index. The stop of a block that is not open,
 *   and a start that is repeated at once, are passed over.
 * - Our own events (`block_abort`, `tool_result`, `tool_approval`, `reset`) travel under their own names. The cause of a
 *   `reset` arrives as its JSON and loses its identity.
 *
 * @see https://docs.claude.com/en/api/messages-streaming
 */
export const anthropic: Codec<KnownEvent> & { readonly schema: StandardSchema<KnownEvent, unknown> } = {
  name: 'anthropic',
  framing: 'sse',
  schema: eventSchema,
  shortWay: (framing) => shortWay(framing, marking),
  decoder: (pass) => guarded('anthropic', new AnthropicDecoder(pass)),
  encoder: () => ({ next: framesOf, end: () => [] }),
};

function framesOf(event: StreamEvent): readonly Frame[] {
  if (event.type !== 'unknown') return [{ event: event.type, data: jsonOf(event) }];
  const frame = { event: event.name, data: JSON.stringify(event.data) ?? 'null' };
  return isStranger(new AnthropicDecoder(), frame) ? [frame] : [];
}

/** The JSON of an event. Nearly every one is a piece of text: to write that alone costs half as much. */
function jsonOf(event: KnownEvent): string {
  const { type, index, delta } = event as Partial<ContentBlockDeltaEvent<TextDelta>>;
  // What a gateway adds is written, too, and what is not as its type says.
  const isPlain = type === 'content_block_delta' && isBlockIndex(index) && Object.keys(event).length === 3;
  if (
    !isPlain ||
    delta?.type !== 'text_delta' ||
    typeof delta.text !== 'string' ||
    Object.keys(delta).length !== 2
  )
    return JSON.stringify(event);
  return `{"type":"content_block_delta","index":${index},"delta":{"type":"text_delta","text":${JSON.stringify(delta.text)}}}`;
}
