import { concat, defer, type OperatorFunction } from 'rxjs';
import type { StreamEvent } from '../events/event.js';
import type { Frame } from '../wire/frame.js';
import { transform } from '../rx/transform.js';
import type { Codec, DecoderOptions } from './codec.js';

/**
 * Reads each frame as the events it holds. An event type that the codec does not know comes out as an `unknown`
 * event; a frame that is no JSON, or a known event of the wrong shape, is an error, after all the events before it.
 *
 * ```ts
 * import { from } from 'rxjs';
 * import { decode, sse } from 'rxjs-llm-stream';
 * import { anthropic } from 'rxjs-llm-stream/anthropic';
 *
 * from(['data: {"type":"ping"}\n\n']).pipe(sse(), decode(anthropic)).subscribe(console.log);
 * // { type: 'ping' }
 * ```
 *
 * @param codec - the protocol that the frames are spelled in
 * @param options - what to do with unknown events and with malformed frames
 * @returns an operator from frames to events; each subscription decodes with a state of its own
 * @throws StreamError `malformed`, as the options say
 */
export function decode(codec: Codec, options?: DecoderOptions): OperatorFunction<Frame, StreamEvent> {
  return (frames) =>
    defer(() => {
      const decoder = codec.decoder(options);
      return concat(
        frames.pipe(transform<Frame, StreamEvent>((frame, emit) => decoder.next(frame).forEach(emit))),
        defer(() => decoder.end()),
      );
    });
}
