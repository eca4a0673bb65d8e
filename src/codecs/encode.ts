import { concat, defer, type OperatorFunction } from 'rxjs';
import type { StreamEvent } from '../event.js';
import type { Frame } from '../wire/frame.js';
import { transform } from '../transform.js';
import type { Codec } from './codec.js';

/**
 * Writes each event as the frames that carry it, so that `decode(a)` then `encode(b)` translates one protocol into
 * another. What a protocol cannot carry is listed in its codec's doc comment.
 *
 * ```ts
 * import { of } from 'rxjs';
 * import { encode, events } from 'rxjs-llm-stream';
 * import { anthropic } from 'rxjs-llm-stream/anthropic';
 *
 * of(events.ping()).pipe(encode(anthropic)).subscribe(console.log);
 * // { event: 'ping', data: '{"type":"ping"}' }
 * ```
 *
 * @param codec - the protocol to spell the events in
 * @returns an operator from events to frames; each subscription encodes with a state of its own
 */
export function encode(codec: Codec): OperatorFunction<StreamEvent, Frame> {
  return (events) =>
    defer(() => {
      const encoder = codec.encoder();
      return concat(
        events.pipe(transform<StreamEvent, Frame>((event, emit) => encoder.next(event).forEach(emit))),
        defer(() => encoder.end()),
      );
    });
}
