import { defer, filter, map, pipe, type OperatorFunction } from 'rxjs';
import { transform } from '../../rx/transform.js';
import type { Frame } from '../../wire/frame.js';
import type { Codec } from '../codec.js';
import { objectIn } from '../kit/door.js';
import { guarded } from '../kit/protocols.js';
import type { StandardSchema } from '../../schema/standardSchema.js';
import { policed, type DecodeOptions } from '../policed.js';
import { rpcReader, SynapsDecoder } from './decoder.js';
import { SynapsEncoder } from './encoder.js';
import type { TurnOptions } from './turnOptions.js';
import { isMessageUpdate, rpcEventSchema, rpcEventSchemas } from './wire.js';
import type { AnyRpcEvent, AssistantEvent, RpcEvent } from './wire.js';

/** The frames that are not part of a message pass whole. */
const PASSES: ReadonlySet<string> = new Set(Object.keys(rpcEventSchemas));

type SynapsCodec = Codec<RpcEvent> & { readonly schema: StandardSchema<RpcEvent, unknown> };

/**
 * The turns of a `synaps rpc` child, one JSON object per line of its standard output: {@link synapsTurn} without
 * anything known beforehand.
 *
 * ```ts
 * import { spawn } from 'node:child_process';
 * import { fromBytes, textDeltas, untilTerminal } from 'rxjs-llm-stream';
 * import { synaps } from 'rxjs-llm-stream/synaps';
 *
 * const child = spawn('synaps', ['rpc']);
 * fromBytes(child.stdout, { codec: synaps })
 *   .pipe(untilTerminal(), textDeltas())
 *   .subscribe((text) => process.stdout.write(text));
 * child.stdin.write('{"type":"prompt","id":"1","message":"Hello"}\n');
 * ```
 */
export const synaps: SynapsCodec = synapsTurn();

/**
 * Makes a codec for the turns of a `synaps rpc` child about which something is known beforehand.
 *
 * One turn is one message, however many rounds of model and tools it has, because the wire does not separate them:
 *
 * - It begins with its first `message_update`. Text and thinking go on in one block until something else begins. A call
 *   and its output share a `tool_id`; an update of a call that never began is a StreamError `protocol`.
 * - The whole input of a call replaces what was streamed, should they differ. Where the child could not read an input
 *   (`__parse_error`), the text stays as it was streamed, so that accumulators find it invalid, or the block is aborted.
 * - The response to the prompt ends it: with the stop reason `end_turn` or `cancelled`, or with one `error` event
 *   whose type is the `code` or `kind` of the outcome. An `error` frame of that id before it is the same failure.
 * - All other frames pass whole as `unknown` events, at any time: `ready`, `subagent_…`, `event`, an `error` that ends no
 *   turn, responses to other commands. `unknown: 'skip'` leaves them out too; `unknown: 'error'` concerns only frames of
 *   a type that this version does not know.
 * - A prompt that is refused gets an `error` with its id, and no response. Such a turn never ends by itself, so put a
 *   `timeout` behind it.
 *
 * docs/protocols.md lists what is lost on the way out.
 *
 * @param turn - what is known of the turn
 * @returns a codec; its decoder raises a StreamError `protocol`, with the frame in `raw`, for another version of the
 *   protocol, for a first frame that is not the `ready` asked for, and for the response to another prompt
 * @see https://github.com/HaseebKhalid1507/SynapsCLI/blob/main/docs/rpc-protocol.md
 */
export function synapsTurn(turn: TurnOptions = {}): SynapsCodec {
  return {
    name: 'synaps',
    framing: 'ndjson',
    schema: rpcEventSchema,
    passes: PASSES,
    decoder: (pass) => guarded('synaps', new SynapsDecoder(turn, pass)),
    encoder: () => new SynapsEncoder(turn),
  };
}

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
      const read = rpcReader(options.handshake);
      const next = (frame: Frame): readonly AnyRpcEvent[] => [read(objectIn(frame), frame)];
      const reader = { next, end: () => [], lose: () => undefined };
      const decoder = policed({ name: 'synaps', decoder: () => reader }, options);
      return frames.pipe(transform<Frame, AnyRpcEvent>((frame, emit) => decoder.next(frame).forEach(emit)));
    });
}

/**
 * Takes the event of the assistant out of each `message_update`, and removes everything else.
 *
 * ```text
 * -r-t-u-x-e-p-|
 * > unwrapMessageUpdate()
 * ---T-U-------|
 * ^------------!
 * ```
 *
 * The response that says how the turn went is removed too. To end with the turn, read the frames with
 * `decode(synapsTurn({ promptId }))` and `untilTerminal()` instead.
 *
 * ```ts
 * import { from } from 'rxjs';
 * import { ndjson } from 'rxjs-llm-stream';
 * import { decodeRpc, unwrapMessageUpdate } from 'rxjs-llm-stream/synaps';
 *
 * from(['{"type":"message_update","event":{"type":"text_delta","delta":"hi"}}\n'])
 *   .pipe(ndjson(), decodeRpc(), unwrapMessageUpdate())
 *   .subscribe(console.log);
 * // { type: 'text_delta', delta: 'hi' }
 * ```
 *
 * @returns an operator from the protocol's events to those of the assistant
 * @see {@link decodeRpc}
 */
export function unwrapMessageUpdate(): OperatorFunction<AnyRpcEvent, AssistantEvent> {
  return pipe(
    filter(isMessageUpdate),
    map(({ event }) => event),
  );
}
