import type { ZodType } from 'zod';
import type { StreamEvent } from '../events/event.js';
import type { Frame } from '../wire/frame.js';
import type { Carries } from './features.js';

/** What a decoder does with what it cannot read. */
export interface DecoderOptions {
  /**
   * An event type this version does not know: `emit` it as an `unknown` event, `skip` it, or raise a
   * `StreamError` `malformed`. Default `emit`.
   */
  readonly unknown?: 'emit' | 'skip' | 'error' | undefined;
  /**
   * A frame that is no JSON, or a known event of the wrong shape: raise a `StreamError` `malformed` with the
   * frame's first 200 characters, or `skip` it. Default `error`.
   */
  readonly malformed?: 'error' | 'skip' | undefined;
}

/** Reads the frames of one stream. Synchronous and without rxjs; it holds the state of one subscription. */
export interface Decoder {
  /**
   * @param frame - the next frame
   * @returns the events it holds, in order; often one, possibly none
   * @throws StreamError `malformed`, as the options say
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
  /** One wire value, as its JSON is parsed. */
  readonly schema: ZodType<Wire>;
  /** What of an answer it can carry, and what becomes of the rest. */
  readonly carries?: Carries;
  decoder(options?: DecoderOptions): Decoder;
  encoder(): Encoder;
}
