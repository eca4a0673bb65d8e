import type { StandardSchema } from '../../schema/standardSchema.js';
import type { Codec } from '../codec.js';
import { GeminiEncoder } from './encoder.js';
import { geminiReading } from './reading.js';
import type { GeminiChunk, GeminiError } from './wire.js';

/**
 * The streams of Gemini's `streamGenerateContent?alt=sse`, of the Gemini API and of Vertex AI.
 *
 * - Without `alt=sse` the body is one JSON array, and its elements are the same chunks: the sources read that too.
 * - The wire has no end: an answer ends with its stream, if a finish reason came. The last reason counts.
 * - A call without an id gets one, `call_<n>`, with the id of the answer in it. The reason `STOP` is `tool_use` where calls
 *   are whole. An input that is streamed as values with paths becomes the pieces of its JSON.
 * - A signature stands in its block: as `signature` of a text, a call and a block of another type, which must be sent back
 *   as they are; as the `signature_delta` of a thinking. A signed text is a block of its own, even if it is empty.
 * - `executableCode`, `codeExecutionResult`, `toolCall` and `toolResponse` are blocks of that type, with the part's members;
 *   media are `image` and `document` blocks.
 * - Each page that the answer is grounded in is a citation `{ type: 'grounding', url, title }`, and what else the API says
 *   of the answer stands in its message: {@link GeminiFields}.
 * - Candidates besides the first pass as `unknown` events named `candidate`, and ratings that block as `safetyRatings`.
 * - `usage` counts each token once: without the cache in `input_tokens`, with the thinking in `output_tokens`.
 *   `usage_details` has the API's own numbers, where they say more.
 *
 * docs/protocols.md lists what is lost.
 *
 * @see https://ai.google.dev/api/generate-content#method:-models.streamgeneratecontent
 */
export const gemini: Codec<GeminiChunk | GeminiError> & {
  readonly schema: StandardSchema<GeminiChunk | GeminiError, unknown>;
} = {
  ...geminiReading,
  encoder: () => new GeminiEncoder(),
};
