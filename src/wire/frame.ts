import type { StreamError } from '../errors/streamError.js';
import type { WireLimits } from './limits.js';

/** How a stream is cut into frames. */
export type Framing = 'sse' | 'ndjson' | 'eventstream';

/**
 * One SSE message or one NDJSON line, with its data unread.
 *
 * For SSE the fields are those of the WHATWG standard: `event` is absent for the default type `message`; `id` is the
 * last event id, which persists from frame to frame and is absent while it is empty; `retry` is in ms and appears only
 * on the frame whose block set it.
 */
export interface Frame {
  readonly data: string;
  readonly event?: string | undefined;
  readonly id?: string | undefined;
  readonly retry?: number | undefined;
  /**
   * Set on the last frame of a stream that ended before the frame's blank line or line end. Its data may be cut off:
   * `decode` reports `truncated` if it cannot be read.
   */
  readonly unterminated?: true | undefined;
}

/** Makes the text of frames out of chunks. It holds the state of one subscription. */
export interface Unpacker {
  /** @returns the text that is certain by now, possibly empty */
  next(chunk: Uint8Array | string): string;
  /** @returns what the end of the stream makes of the rest */
  end(): string;
  /** Why it cannot go on. The text returned with it comes first. */
  readonly failure: StreamError | undefined;
}

/** Makes an unpacker that holds to limits. */
export type UnpackerOf = (limits: WireLimits) => Unpacker;
