import { StreamError } from '../errors/streamError.js';

/** How much text a stream may hold. `Infinity` lifts a limit. */
export interface WireLimits {
  /** Bytes of the whole stream, after decompression; UTF-16 units if its chunks are text. Default 1 Gi. */
  readonly bytes?: number | undefined;
  /**
   * UTF-16 units of one frame: an SSE block with all its lines and line ends, or an NDJSON line. It also bounds what is
   * held while a frame is unfinished. Default 32 Mi.
   */
  readonly frame?: number | undefined;
}

/** The default limits: room for an answer with images in it, yet a bound. */
export const WIRE_LIMITS = { bytes: 2 ** 30, frame: 2 ** 25 } as const;

/** The failure of a frame that is longer than its limit. */
export function frameTooLong(limit: number): StreamError {
  return new StreamError('limit', `A frame is longer than ${limit} characters (limit: frame)`);
}
