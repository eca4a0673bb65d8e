import type { Codec, Decoder, DecoderOptions, Encoder } from '../codec.js';
import type { Carries } from '../features.js';
import { SynapsDecoder } from './decoder.js';
import { SynapsEncoder } from './encoder.js';
import type { RpcEvent } from './rpcEvent.js';
import { rpcEventSchema } from './schemas.js';
import type { TurnOptions } from './turnOptions.js';

const CARRIES: Carries = {
  messageId:
    'written as the id of the turn’s response; a message read has the id of its prompt, where that is given',
  model: 'written in the usage of agent_end, and in ready where a session id is given; read from ready',
  inputUsage: 'counted in the usage at the end',
  text: true,
  citations: 'left out: a text is its text alone',
  thinking: true,
  signatures: 'left out',
  redactedThinking: 'left out',
  toolUse: true,
  emptyInput: true,
  serverToolUse: 'left out, because a reader would take them for calls of the caller’s tools',
  providerResults: 'left out',
  toolResults: true,
  toolResultValues: 'written as the text of their JSON',
  toolResultErrors: 'left out: only the text of a result tells',
  boundaries: 'a text that follows a text goes on with it, and so does thinking',
  emptyBlocks: 'texts and thinking without a delta leave no trace; calls do',
  interleaving:
    'texts and thinking that grow side by side are cut into blocks of their own; calls stay whole',
  stopReason: 'only whether the turn was cancelled: any other reason is read as end_turn',
  stopSequence: 'left out',
  usage:
    'carried, but for an unknown number of input tokens, which is written as 0, and 0 is read as unknown',
  cacheUsage: true,
  pings: 'left out: the protocol has none',
  errors: true,
  errorTypes: true,
  requestIds: true,
  blockAborts:
    'left out for texts and thinking; a call that was given up has an input that is no JSON, or none where the turn fails',
  resets: 'left out: what the failed attempt wrote stays; its open calls are given up',
  unknown:
    'carried whole; where nothing was written of a block’s start or a text’s end yet, it comes before that',
};

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
export const synaps: Codec<RpcEvent> = synapsTurn();

/**
 * Makes a codec for the turns of a `synaps rpc` child, of which something is known beforehand.
 *
 * One turn is one message, whatever the number of rounds of model and tools in it, for the wire does not tell them
 * apart:
 *
 * - It begins with its first `message_update`. Text and thinking go on in one block until something else begins. A call
 *   and what it gave are joined by `tool_id`; one for a call that never began is a StreamError `protocol`.
 * - The whole input of a call replaces what was streamed, should they differ. Where the child could not read an input
 *   (`__parse_error`), the text stays as it was streamed, so that accumulators find it invalid, or the block is aborted.
 * - `agent_end` tells what the turn cost, summed over its rounds, and no more. The response to the prompt ends it: with
 *   `message_stop`, the stop reason being `end_turn` or `cancelled`, or with one `error` event whose type is the `code`
 *   or `kind` of the outcome. An `error` frame of that id before it is the same failure.
 * - All other frames pass whole as `unknown` events, at any time: `ready`, `subagent_…`, `event`, an `error` that ends no
 *   turn, responses to other commands. `unknown: 'skip'` leaves them out too; `unknown: 'error'` means only frames of a
 *   type that this version does not know.
 * - A prompt that is refused gets an `error` with its id, and no response: such a turn never ends by itself.
 *
 * Lost on the way out: what {@link Codec.carries} says. A message without a `message_start`, that is, an `error` alone,
 * is written without `agent_end`.
 *
 * @param turn - the id of the prompt, whether `ready` must come first, the id of the session to write
 * @returns a codec; its decoder raises a StreamError `protocol`, with the frame in `raw`, for another version of the
 *   protocol, for a first frame that is not the `ready` asked for, and for the response to another prompt
 * @see https://github.com/HaseebKhalid1507/SynapsCLI/blob/main/docs/rpc-protocol.md
 */
export function synapsTurn(turn: TurnOptions = {}): Codec<RpcEvent> {
  return {
    name: 'synaps',
    framing: 'ndjson',
    schema: rpcEventSchema,
    carries: CARRIES,
    decoder: (options: DecoderOptions = {}): Decoder => new SynapsDecoder(turn, options),
    encoder: (): Encoder => new SynapsEncoder(turn),
  };
}
