import type { ZodMiniType } from 'zod/mini';
import type { Codec } from '../codec.js';
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
 * - `Completed` stops what is open and ends the message, with the last stop reason that a `BlockStop` told; `null` where
 *   none did, as in streams that the crate makes of Anthropic's. `Cancelled` gives up what is open; the stop
 *   reason is `cancelled`.
 * - `Error` and `Failed` give up what is open and become one `error`, also where both come.
 * - Text and thinking may begin by a delta, as in the crate; a piece of input for no open call, and the result of a
 *   call that there was not, are a StreamError `protocol`. A start in place of an open block of its type and index
 *   gives that one up.
 * - Some producers get the type or the index of a block wrong when it ends: where no block of that type is open at
 *   that index, a stop ends the block of another type there, and an abort the block of its type that began last. A stop
 *   of no block at all tells no more than its stop reason.
 * - The text within a `ToolResult` block becomes a `tool_result` once it stops; one that is given up is left out.
 * - `BlockStop.reasoning` adds the signature, and such text as had not been streamed; its id, summary and encrypted
 *   content are left out. So are the `timestamp` of a `Ping` and `total_tokens`.
 * - An event, a block, a delta or a status of a name that is not known comes out as an `unknown` event.
 * - The crate's recordings are read too: the model at their head, and the events in their lines.
 *
 * Writing:
 * - A stop is held back until the next event, for only then it is known whether it tells the stop reason. A stop reason
 *   that comes without such a stop gets a `BlockStop` for a text block that never began, as the crate writes for
 *   Gemini.
 * - Lost on the way: ids, models, citations, calls that the provider runs and what they gave, the data of redacted
 *   thinking, whether a result is an error, stop sequences, ids of requests, stop reasons that the crate does not have,
 *   what caused a `reset`, and details of usage beyond tokens in, out and in the cache.
 *
 * @see https://github.com/HareK02/yoi, which the crate comes from
 */
export const llmWorker: Codec<WorkerEvent> & { readonly schema: ZodMiniType<WorkerEvent> } = {
  name: 'llm-worker',
  framing: 'ndjson',
  schema: workerEventSchema,
  decoder: () => new WorkerDecoder(),
  encoder: () => new WorkerEncoder(),
};
