import type { MessageLimits } from '../fold/order/messageMeter.js';
import type { WireLimits } from '../wire/limits.js';

/**
 * The most that a stream may hold. The defaults are far beyond what providers send; `Infinity` lifts a limit. A stream
 * that exceeds a limit fails with a StreamError `limit` that names it, after all the events before that point.
 */
export interface StreamLimits extends WireLimits, MessageLimits {
  /** How deep arrays and objects may nest in the JSON of a frame. Default 512. */
  readonly depth?: number | undefined;
}

/**
 * How far a body may run out that nobody reads any more, because its terminal event has come. An answer that ends by
 * itself is whole for the server's log, for interceptors and for the connection, which is used again; an abort is not.
 */
export interface DrainLimits {
  /** In ms; 0 aborts at once. Default 250. */
  readonly ms?: number | undefined;
  /** In bytes after decompression; UTF-16 units if its chunks are text. Default 64 Ki. */
  readonly bytes?: number | undefined;
}
