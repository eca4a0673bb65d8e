import type { StreamEvent } from '../events/event.js';
import type { StandardSchema } from '../schema/standardSchema.js';
import type { Frame } from '../wire/frame.js';

/**
 * Reads the frames of one stream. Synchronous and without rxjs; it holds the state of one subscription. It applies no
 * policy: an event of an unknown type becomes an `unknown` event, and a frame that it cannot read is an error.
 */
export interface Decoder {
  /**
   * @param frame - the next frame
   * @returns the events it holds, in order: often one, possibly none
   * @throws StreamError `malformed` for a frame that cannot be read, `protocol` for one that contradicts those before
   */
  next(frame: Frame): readonly StreamEvent[];
  /** @returns the events that the end of the stream implies */
  end(): readonly StreamEvent[];
}

/** Writes the frames of one stream. Synchronous and without rxjs; it holds the state of one subscription. */
export interface Encoder {
  /**
   * @returns the frames that carry this event, in order; none where the protocol has no words for it, or would read an
   *   unknown event as one of its own
   */
  next(event: StreamEvent): readonly Frame[];
  /** @returns the frames that close the stream */
  end(): readonly Frame[];
}

/** One protocol's spelling, both ways: frame to event and event to frame. */
export interface Codec<Wire = unknown> {
  readonly name: string;
  readonly framing: 'sse' | 'ndjson';
  /** What one wire value must be after its JSON is parsed. The decoder checks each frame against it. */
  readonly schema?: StandardSchema<Wire, unknown>;
  /**
   * The names of the protocol's events that have no counterpart among the `StreamEvent`s. The decoder passes them on whole
   * as `unknown` events, and `unknown: 'error'` does not refuse them.
   */
  readonly passes?: ReadonlySet<string>;
  /** A codec may take options for its decoder here, all of them optional. */
  decoder(): Decoder;
  /** A codec may take options for its encoder here, all of them optional. */
  encoder(): Encoder;
}
