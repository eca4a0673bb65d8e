import type { StandardSchema } from '../../schema/standardSchema.js';
import type { Codec } from '../codec.js';
import { OllamaEncoder } from './encoder.js';
import { ollamaReading } from './reading.js';
import type { OllamaApi, OllamaLine } from './wire.js';

type OllamaCodec = Codec<OllamaLine> & { readonly schema: StandardSchema<OllamaLine, unknown> };

/**
 * The streams of Ollama's own API over NDJSON. It reads the lines of `/api/chat` and of `/api/generate`, and writes those
 * of `/api/chat`.
 *
 * - `content` and `response` are text, and `thinking` is thinking: each goes on in one block until something else comes.
 * - A call comes whole in one line, and so does its input. One without an id is given one; two that have the same id
 *   are two calls, except where nothing differs.
 * - `stop` is read as `tool_use` where tools were called. `load` and `unload` pass as they came.
 * - `done` ends the answer; a `done_reason` does where the stream ends after it. A stream without either is truncated.
 * - `prompt_eval_count` and `eval_count` are the tokens in and out. Durations, `context` and who answered are fields of
 *   the message: {@link OllamaFields}.
 * - `{ "error": … }` is an `error` of the type `api_error`, and nothing that follows ends the answer.
 * - Images are blocks of the type `image`, as the Messages API takes them.
 *
 * An encoder writes a call once its input is whole. A message that does not say when it began, as `created_at`, has the
 * time 0 in its lines. An answer that begins anew after a part of it was written ends in an error. docs/protocols.md lists
 * what is lost; so are `logprobs`.
 *
 * @see https://docs.ollama.com/api/streaming
 */
export const ollama: OllamaCodec = ollamaDialect('chat');

/**
 * The codec {@link ollama} with the lines of another API to write. It reads both all the same.
 *
 * ```ts
 * import { from } from 'rxjs';
 * import { encode, events } from 'rxjs-llm-stream';
 * import { ollamaDialect } from 'rxjs-llm-stream/ollama';
 *
 * from([events.messageStart({ model: 'llama3' }), events.textStart(0), events.textDelta(0, 'Hi')])
 *   .pipe(encode(ollamaDialect('generate')))
 *   .subscribe(({ data }) => console.log(data));
 * // {"model":"llama3","created_at":"1970-01-01T00:00:00Z","response":"","done":false}
 * // {"model":"llama3","created_at":"1970-01-01T00:00:00Z","response":"Hi","done":false}
 * ```
 *
 * @param api - whose lines its encoder writes. `/api/generate` has no calls
 * @returns the codec
 * @see https://docs.ollama.com/api/generate
 */
export function ollamaDialect(api: OllamaApi): OllamaCodec {
  return {
    ...ollamaReading,
    name: api === 'chat' ? ollamaReading.name : `${ollamaReading.name}-${api}`,
    encoder: () => new OllamaEncoder(api),
  };
}
