import type { MessageLimits } from '../fold/order/messageMeter.js';
import type { WireLimits } from '../wire/limits.js';

/**
 * How much of a stream is taken at most. The defaults are far beyond what providers send; `Infinity` lifts a limit. A
 * stream that goes beyond one fails with an error `limit` that names it, after all the events before.
 */
export interface StreamLimits extends WireLimits, MessageLimits {
  /** Arrays and objects within each other in the JSON of a frame. Default 512. */
  readonly depth?: number | undefined;
}
