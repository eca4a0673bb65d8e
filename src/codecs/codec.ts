import type { StreamEvent } from '../events/event.js';
import type { StandardSchema } from '../schema/standardSchema.js';
import type { Frame } from '../wire/frame.js';

/**
 * Reads the frames of one stream. Synchronous and without rxjs; it holds the state of one subscription. It knows no
 * policy: an event of a type that it does not know becomes an `unknown` event, a frame that it cannot read an error.
 */
export interface Decoder {
  /**
   * @param frame - the next frame
   * @returns the events it holds, in order; often one, possibly none
   * @throws StreamError `malformed` for a frame that cannot be read, `protocol` for one that contradicts those before
   */
  next(frame: Frame): readonly StreamEvent[];
  /** @returns the events that the end of the stream implies */
  end(): readonly StreamEvent[];
}

/** Writes the frames of one stream. Synchronous and without rxjs; it holds the state of one subscription. */
export interface Encoder {
  /** @returns the frames that carry this event, in order; possibly none */
  next(event: StreamEvent): readonly Frame[];
  /** @returns the frames that close the stream */
  end(): readonly Frame[];
}

/** One protocol's spelling, both ways: frame to event and event to frame. */
export interface Codec<Wire = unknown> {
  readonly name: string;
  readonly framing: 'sse' | 'ndjson';
  /** What one wire value must be once its JSON is parsed. The decoder checks each frame by it. */
  readonly schema?: StandardSchema<Wire, unknown>;
  /**
   * The names of those events of the protocol that no `StreamEvent` stands for, so that its decoder passes them on whole
   * as `unknown` events. To whoever decodes with `unknown: 'error'` they are known.
   */
  readonly passes?: ReadonlySet<string>;
  /** A codec whose decoder has options of its own takes them here, all of them optional. */
  decoder(): Decoder;
  /** A codec whose encoder has options of its own takes them here, all of them optional. */
  encoder(): Encoder;
}
