import type { Codec } from '../codec.js';
import { guarded } from '../kit/protocols.js';
import type { StandardSchema } from '../../schema/standardSchema.js';
import { WorkerDecoder } from './decoder.js';
import { WorkerEncoder } from './encoder.js';
import type { WorkerEvent } from './wire.js';
import { workerEventSchema } from './wire.js';

/**
 * The `Event` of the Rust crate `llm-worker`, one JSON object a line. Blocks of different types may share an index
 * there; here each gets an index of its own, in the order they begin.
 *
 * Reading:
 * - `Status` `Started`, or the first block, begins the message; a `Usage` before that becomes its usage. `Started`
 *   within a message says that the response begins again: a `reset` comes before what follows.
 * - Any later `Usage` becomes a `message_delta` at once, with the numbers it has and the stop reason known by then.
 *   Later versions of the crate count cached tokens within `input_tokens`; they are passed on as they come.
 * - `Completed` stops what is open and ends the message with the stop reason of the last `BlockStop` that has one, and
 *   with `null` where none has, as in streams that the crate makes from Anthropic's. `Cancelled` aborts what is open;
 *   the stop reason is `cancelled`.
 * - `Error` and `Failed` abort what is open and become one `error`, even if both come.
 * - Text and thinking may begin with a delta, as in the crate. A piece of input without an open call, and a result
 *   without a call, are a StreamError `protocol`. A start aborts an open block of the same type and index.
 * - Some producers confuse the type or the index of a block when it ends. If no block of that type is open at that
 *   index, a stop ends the block of another type there, and an abort ends the last block of its type. A stop without
 *   any block only gives its stop reason.
 * - The text within a `ToolResult` block becomes a `tool_result` once the block stops; an aborted one is left out.
 * - `BlockStop.reasoning` adds the signature, and any text that had not been streamed. Its id, summary and encrypted
 *   content are left out. So are the `timestamp` of a `Ping` and `total_tokens`.
 * - The crate's recordings are read too: the model at their head, and the events in their lines.
 *
 * Writing:
 * - A stop is held back until the next event, which shows whether the stop has the stop reason. A stop reason without
 *   such a stop gets a `BlockStop` of a text block that never began, as the crate writes for Gemini.
 * - docs/protocols.md lists what is lost.
 *
 * @see https://github.com/HareK02/yoi, which the crate comes from
 */
export const llmWorker: Codec<WorkerEvent> & { readonly schema: StandardSchema<WorkerEvent, unknown> } = {
  name: 'llm-worker',
  framing: 'ndjson',
  schema: workerEventSchema,
  decoder: (pass) => guarded('llm-worker', new WorkerDecoder(pass)),
  encoder: () => new WorkerEncoder(),
};
