import type { OperatorFunction } from 'rxjs';
import type { StreamEvent } from '../events/event.js';
import { transformWith } from '../rx/transform.js';
import type { Frame } from '../wire/frame.js';
import type { Codec } from './codec.js';
import { namedBy } from './named.js';
import { requireHalf } from './requireCodec.js';
import { policed, type DecodeOptions } from './policed.js';

/**
 * Reads each frame as the events it holds. An event of a type that the codec does not know comes out as an `unknown`
 * event. A frame that is not JSON, or a known event of the wrong shape, is an error, after all the events before it.
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
 * @param options - what to do with unknown events and with malformed frames, how deep their JSON may nest, and `onSkip`,
 *   which is told of what was passed over
 * @returns an operator from frames to events; each subscription decodes with a state of its own
 * @throws StreamError `malformed`, as the options say; `truncated` for a last frame that the end of the stream cut off;
 *   `limit` for JSON that nests deeper than `depth`; whatever else the codec throws. TypeError,
 *   when it is called, for anything but a codec
 */
export function decode(codec: Codec, options?: DecodeOptions): OperatorFunction<Frame, StreamEvent> {
  requireHalf('decode', codec);
  return transformWith<Frame, StreamEvent>(() => {
    const decoder = policed(codec, options);
    return {
      next: (frame, emit) => namedBy(frame, decoder.next(frame)).forEach(emit),
      complete: (emit) => decoder.end().forEach(emit),
    };
  });
}
