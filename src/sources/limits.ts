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
