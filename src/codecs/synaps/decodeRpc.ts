import { defer, type OperatorFunction } from 'rxjs';
import { transform } from '../../rx/transform.js';
import type { Frame } from '../../wire/frame.js';
import type { AnyRpcEvent } from './rpcEvent.js';
import { RpcReader, type RpcReaderOptions } from './rpcReader.js';

/**
 * Reads each frame as the `RpcEvent` it is, for whoever stays with the protocol's own events. A type that is not known
 * comes out as an `unknown` event with the whole frame as its data.
 *
 * ```text
 * -R-T-X-E-P-|
 * > decodeRpc()
 * -r-t-x-e-p-|
 * ^----------!
 * ```
 *
 * A frame that cannot be read is an error, after all the events before it.
 *
 * ```ts
 * import { from } from 'rxjs';
 * import { ndjson } from 'rxjs-llm-stream';
 * import { decodeRpc } from 'rxjs-llm-stream/synaps';
 *
 * from(['{"type":"error","message":"bad"}\n']).pipe(ndjson(), decodeRpc()).subscribe(console.log);
 * // { type: 'error', message: 'bad' }
 * ```
 *
 * @param options - what to do with unknown and malformed frames, and whether `ready` must come first
 * @returns an operator from frames to events
 * @throws StreamError `malformed`, as the options say; `protocol` for a version of the protocol that is not known, or a
 *   frame that comes before the `ready` that was demanded
 * @see {@link unwrapMessageUpdate}
 */
export function decodeRpc(options: RpcReaderOptions = {}): OperatorFunction<Frame, AnyRpcEvent> {
  return (frames) =>
    defer(() => {
      const reader = new RpcReader(options);
      return frames.pipe(transform<Frame, AnyRpcEvent>((frame, emit) => reader.next(frame).forEach(emit)));
    });
}
