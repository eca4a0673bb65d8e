import { defer, type OperatorFunction } from 'rxjs';
import { transform } from '../../rx/transform.js';
import type { Frame } from '../../wire/frame.js';
import { Policy, type DecodeOptions } from '../policed.js';
import type { AnyRpcEvent } from './wire.js';
import { RpcReader } from './rpcReader.js';

/** Options of {@link decodeRpc}. */
export interface DecodeRpcOptions extends DecodeOptions {
  /** Whether the first frame must be `ready`, as it is where the whole output of a child is read. Default `false`. */
  readonly handshake?: boolean | undefined;
}

/**
 * Reads each frame as the `RpcEvent` it is, for applications that use the protocol's own events. A frame of an unknown
 * type comes out as an `unknown` event with the whole frame as its data.
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
 * @throws StreamError `malformed`, as the options say; `protocol` for a version of the protocol that is not supported, or a
 *   frame that comes before the `ready` that was demanded
 * @see {@link unwrapMessageUpdate}
 */
export function decodeRpc(options: DecodeRpcOptions = {}): OperatorFunction<Frame, AnyRpcEvent> {
  return (frames) =>
    defer(() => {
      const reader = new RpcReader(options.handshake);
      const policy = new Policy(options);
      return frames.pipe(
        transform<Frame, AnyRpcEvent>((frame, emit) => policy.read<AnyRpcEvent>(frame, reader).forEach(emit)),
      );
    });
}
