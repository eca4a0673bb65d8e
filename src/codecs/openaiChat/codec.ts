import type { StandardSchema } from '../../schema/standardSchema.js';
import type { Codec } from '../codec.js';
import { ChatEncoder, type ChatDialect } from './encoder.js';
import { chatReading } from './reading.js';
import type { ChatFrame } from './wire.js';

type ChatCodec = Codec<ChatFrame> & { readonly schema: StandardSchema<ChatFrame, unknown> };

/**
 * The streams of OpenAI's chat completions over SSE, as OpenAI and all that speak like it send them: Azure, OpenRouter,
 * Groq, DeepSeek, Mistral, xAI, vLLM, SGLang, llama.cpp, LM Studio, LiteLLM and others. Streams of text completions are
 * read too.
 *
 * - An answer ends at `[DONE]`, with the reason and the usage that came before it, wherever they stood. A stream that
 *   ends after a reason and without `[DONE]` is whole too; one that ends without either is cut off.
 * - Thinking is read from `reasoning`, `reasoning_content` or `reasoning_details`, whichever is there, once. Signatures
 *   and what is encrypted come from the details.
 * - Calls are told apart by index and by id. An input that is text, of a `custom` tool, is a JSON string here.
 * - A reason of `stop` after calls is read as `tool_use`. A call that an answer was cut off in is never whole.
 * - `input_tokens` leaves out what the cache served. Whatever else a provider counts is in `usage_details`.
 * - Of several choices the first is the message; chunks of the others are `unknown` events of the name `choice`.
 * - What only some providers say of an answer is in fields of the message: {@link ChatFields}. A block with members of
 *   its provider, as redacted thinking with a `format`, is not for the Messages API as it stands.
 * - An event of another kind is `unknown`, named by its frame, its `object` or its `type`.
 *
 * docs/protocols.md lists what is lost on the way out.
 *
 * @see https://platform.openai.com/docs/api-reference/chat-streaming
 * @see https://openrouter.ai/docs/use-cases/reasoning-tokens
 */
export const openaiChat: ChatCodec = openaiChatDialect({});

/**
 * The codec {@link openaiChat} with another dialect to write. It reads all of them all the same.
 *
 * ```ts
 * import { from } from 'rxjs';
 * import { encode, events } from 'rxjs-llm-stream';
 * import { openaiChatDialect } from 'rxjs-llm-stream/openai';
 *
 * from([events.thinkingStart(0), events.thinkingDelta(0, 'Hm')])
 *   .pipe(encode(openaiChatDialect({ reasoning: 'reasoning' })))
 *   .subscribe(({ data }) => console.log(JSON.parse(data).choices[0].delta));
 * // { reasoning: 'Hm' }
 * ```
 *
 * @param dialect - what its encoder calls thinking
 * @returns the codec
 */
export function openaiChatDialect(dialect: ChatDialect): ChatCodec {
  const { reasoning = 'reasoning_content' } = dialect;
  return {
    ...chatReading,
    name: reasoning === 'reasoning_content' ? chatReading.name : `${chatReading.name}-${reasoning}`,
    encoder: () => new ChatEncoder({ reasoning }),
  };
}
