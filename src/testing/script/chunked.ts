import type { Codec } from '../../codecs/codec.js';
import { requireCodec } from '../../codecs/requireCodec.js';
import type { StreamEvent } from '../../events/event.js';
import type { Frame } from '../../wire/frame.js';
import { frameText } from '../../wire/write.js';
import { cut, type Chunking } from './cut.js';
import type { TimedValues } from './timing.js';

/** How events become the chunks of a response body. */
export interface ChunkOptions {
  /** The protocol to spell the events in. */
  readonly codec: Codec;
  /** Where the bytes are cut. Default `event`: a chunk for what each event is written as. */
  readonly chunking?: Chunking | undefined;
}

/**
 * Writes events as a server would send them: as text of the codec's framing, in UTF-8, cut into chunks. A chunk comes
 * when its last byte is there.
 *
 * @throws TypeError where the codec is missing
 */
export function chunked(
  { values, end }: TimedValues<StreamEvent>,
  options: Omit<ChunkOptions, 'codec'> & { readonly codec?: Codec | undefined },
): TimedValues<Uint8Array> {
  const codec = requireCodec(options);
  const encoder = codec.encoder();
  const text = frameText(codec.framing);
  const utf8 = new TextEncoder();
  const bytesOf = (frames: readonly Frame[]): Uint8Array => utf8.encode(frames.map(text).join(''));
  const pieces = values.map(({ at, value }) => ({ at, value: bytesOf(encoder.next(value)) }));
  // Only a stream that ends can be closed.
  if (end && !('error' in end)) pieces.push({ at: end.at, value: bytesOf(encoder.end()) });
  return { values: cut(pieces, options.chunking ?? 'event', Infinity), ...(end && { end }) };
}
