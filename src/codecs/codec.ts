import type { StreamEvent } from '../events/event.js';
import type { StandardSchema } from '../schema/standardSchema.js';
import type { Frame, Framing, UnpackerOf } from '../wire/frame.js';
import type { ShortWay } from '../wire/shortWay.js';
import type { Passing } from './skip.js';

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
  /**
   * Reads the last frame once more, with another piece of text in it: of a codec with a short way.
   *
   * @param piece - the piece; it is not empty
   * @param length - how long the data of the frame is, in UTF-16 units
   * @returns the events it holds
   */
  again?(piece: string, length: number): readonly StreamEvent[];
  /**
   * Called with a frame that it could not read and that is left out, because the caller says so. What may have lost a
   * piece with it must not come out as complete: its end becomes a `block_abort`. Of a decoder without this, no frame is
   * left out.
   *
   * @param frame - the frame
   * @param reason - what the `block_abort` says
   */
  lose?(frame: Frame, reason: string): void;
  /** How much text it holds back until it is clear what that belongs to, in UTF-16 units. Default: none. */
  readonly held?: number;
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
  /** How frames are cut: `eventstream` is AWS's binary one, whose frames read as those of `sse` once they are unpacked. */
  readonly framing: Framing;
  /** Turns chunks into the text of frames where they are not that, or not always, for one subscription. */
  readonly unpacker?: UnpackerOf;
  /** Reads frames that differ in a piece of text only, for one subscription: the decoder has `again` then. */
  readonly shortWay?: (framing: Framing) => ShortWay;
  /** What one wire value must be after its JSON is parsed. The decoder checks each frame against it. */
  readonly schema?: StandardSchema<Wire, unknown>;
  /**
   * The names of the protocol's events that have no counterpart among the `StreamEvent`s. The decoder passes them on whole
   * as `unknown` events, and `unknown: 'error'` does not refuse them.
   */
  readonly passes?: ReadonlySet<string>;
  /**
   * The data that ends a stream of this protocol and is not JSON, such as `[DONE]`. Other protocols pass such a frame over;
   * this one's decoder reads it.
   */
  readonly terminator?: string;
  /**
   * @param pass - called while a frame is read, where it changes nothing and is passed over
   * @param depth - how deep the JSON of a frame may nest, for a codec whose frames hold JSON in another spelling: all other
   *   JSON is measured before the decoder gets it
   */
  decoder(pass?: Passing, depth?: number): Decoder;
  /** A codec may take options for its encoder here, all of them optional. */
  encoder(): Encoder;
}

/** The half of a codec that reads. A source needs no more, so a page that only reads does not load the encoder. */
export type ReadingHalf<Wire = unknown> = Omit<Codec<Wire>, 'encoder'>;

/** A reading half that says what it checks frames against. */
export type CheckedHalf<Wire> = ReadingHalf<Wire> & { readonly schema: StandardSchema<Wire, unknown> };
