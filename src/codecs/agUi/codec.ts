import type { StandardSchema } from '../../schema/standardSchema.js';
import type { Codec } from '../codec.js';
import { guarded } from '../kit/protocols.js';
import { AgUiDecoder } from './decoder.js';
import { AgUiEncoder, type AgUiRun } from './encoder.js';
import { agUiEventSchema, agUiEventSchemas, type AgUiEvent } from './wire.js';

type AgUiCodec = Codec<AgUiEvent> & { readonly schema: StandardSchema<AgUiEvent, unknown> };

/**
 * The events of AG-UI 1.0, by which agents speak to their front ends, over SSE. Thinking as it was before 1.0 is read too.
 *
 * Reading:
 * - A run is a message: it begins at `RUN_STARTED`, with the conversation in its `threadId`, and ends at `RUN_FINISHED` or
 *   `RUN_ERROR`. A stream that ends without either is truncated.
 * - A message of the assistant is a text, one of reasoning a thinking, and a call a `tool_use`. Their own ids are members of the
 *   block ({@link AgUiBlockFields}). Where a chunk has neither a start nor an end, what the protocol says ends it does.
 * - `REASONING_ENCRYPTED_VALUE` is the signature of a thinking; of a text or a call where it comes right after the start.
 * - Calls whose results did not come, or an outcome that asks for something, are the stop reason `tool_use`; the outcome
 *   `cancelled` is `cancelled`, and any other `end_turn`. What an encoder of this library wrote in `metadata` goes before that.
 *   A call that is open at the end is given up.
 * - An interrupt for a call is a `tool_approval`. Others are in the `interrupts` of the message ({@link AgUiFields}).
 * - Usage is summed over the models of a run. `input_tokens` leaves out the cache.
 * - All other events, and all that belong to a sub-agent or to somebody else's message, pass whole as `unknown` events: state,
 *   activities, steps, snapshots of messages, which repeat what was streamed, `CUSTOM` and `RAW`.
 *
 * Writing:
 * - A message is a run. Its end is held back until the next message begins or the stream ends, so what tools give between two
 *   messages still belongs to it. `agUiRun()` makes one run of all messages, as one request asks for.
 * - Calls that wait for a result are `pendingToolCallIds`, those that wait for approval interrupts. Approvals and the progress of
 *   tools are `CUSTOM` events named `tool_approval` and `tool_progress`.
 * - A call that is given up has an input that is not JSON, and a result that says so: no front end runs it.
 * - What the protocol has no member for is `metadata`: the model, the stop reason, whether a result is an error, why a block was
 *   given up.
 * - What a sub-agent says, in a `lane`, is left out.
 * - An unknown event goes back as it came where it is one of this protocol, or else as the value of a `CUSTOM` event.
 *
 * docs/protocols.md lists what is lost.
 *
 * @see https://docs.ag-ui.com/spec/1.0
 */
export const agUi: AgUiCodec = agUiRun({});

/**
 * The codec {@link agUi} for the answer to one request: all messages of the stream, the rounds of a turn, are one run. It
 * reads as `agUi` does.
 *
 * ```ts
 * import { of } from 'rxjs';
 * import { encode, events } from 'rxjs-llm-stream';
 * import { agUiRun } from 'rxjs-llm-stream/ag-ui';
 *
 * of(events.messageStart({ id: 'msg_1' }))
 *   .pipe(encode(agUiRun({ threadId: 'thread_1', runId: 'run_1' })))
 *   .subscribe(({ data }) => console.log(data));
 * // {"type":"RUN_STARTED","threadId":"thread_1","runId":"run_1"}
 * ```
 *
 * @param run - the ids of the request: of a `RunAgentInput`
 * @returns the codec
 */
export function agUiRun(run: AgUiRun): AgUiCodec {
  return {
    name: 'ag-ui',
    framing: 'sse',
    schema: agUiEventSchema,
    passes: new Set(Object.keys(agUiEventSchemas)),
    decoder: (pass) => guarded('ag-ui', new AgUiDecoder(pass)),
    encoder: () => new AgUiEncoder(run),
  };
}
