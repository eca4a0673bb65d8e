import type { StandardSchema } from '../../schema/standardSchema.js';
import type { Codec } from '../codec.js';
import { ResponsesEncoder } from './encoder.js';
import { responsesReading } from './reading.js';
import type { ResponsesEvent } from './wire.js';

/**
 * The streams of OpenAI's Responses API, and of the servers that speak it: OpenRouter, xAI, Azure, LM Studio, vLLM, …
 *
 * - Each part of a message is a text, each part of reasoning a thinking; both keep the id of their item as `item_id`, a
 *   text its `phase` too: {@link ResponsesFields}. The encrypted content of reasoning is the signature of its last part.
 * - A `function_call` is a call of the caller's. So is a `custom_tool_call`: its input is a JSON string. A call that the
 *   provider answers itself is a `server_tool_use` or an `mcp_tool_use`; what else there is in the output passes as a
 *   block of an unknown type, whole.
 * - The answer ends with `response.completed`, `response.incomplete` or `response.failed`, or with an `error`. It ends
 *   with `tool_use` where a call waits for a result of the caller's.
 * - How far a tool of the provider has come passes as an `unknown` event.
 * - The whole output stands in the last event too: the encoder keeps the answer until then. An answer that begins anew after
 *   a part of it was written ends in an error.
 *
 * docs/protocols.md lists what is lost.
 *
 * @see https://platform.openai.com/docs/api-reference/responses-streaming
 */
export const openaiResponses: Codec<ResponsesEvent> & {
  readonly schema: StandardSchema<ResponsesEvent, unknown>;
} = {
  ...responsesReading,
  encoder: () => new ResponsesEncoder(),
};
