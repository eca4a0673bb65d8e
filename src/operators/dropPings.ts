import { filter, type OperatorFunction } from 'rxjs';
import { isPing, type PingEvent, type StreamEvent } from '../events/event.js';

/**
 * Removes keep-alives. Everything else passes as it is, at the same moment.
 *
 * ```text
 * -m-p-o-t-p-t-c-p-z|
 * > dropPings()
 * -m---o-t---t-c---z|
 * ^-----------------!
 * ```
 *
 * Put `streamTimeout({ pingsKeepAlive: true })` before it, for which pings show that the connection is alive.
 *
 * ```ts
 * import { dropPings, streamEvents } from 'rxjs-llm-stream';
 * import { anthropic } from 'rxjs-llm-stream/anthropic';
 *
 * streamEvents('/api/chat', { codec: anthropic }).pipe(dropPings()).subscribe(console.log);
 * ```
 *
 * @returns an operator from events to events without `ping`
 */
export function dropPings<E extends StreamEvent>(): OperatorFunction<E, Exclude<E, PingEvent>> {
  return filter((event): event is Exclude<E, PingEvent> => !isPing(event));
}
