import type { StandardSchema } from '../../schema/standardSchema.js';
import type { Codec } from '../codec.js';
import { guarded } from '../kit/protocols.js';
import { UiDecoder } from './decoder.js';
import { UiEncoder, type UiDialect } from './encoder.js';
import { DONE, PASSES, uiMessageChunkSchema, type UiMessageChunk } from './wire.js';

type UiCodec = Codec<UiMessageChunk> & { readonly schema: StandardSchema<UiMessageChunk, unknown> };

/**
 * The UI message stream of the AI SDK, v1: what `useChat` reads and `toUIMessageStreamResponse` writes.
 *
 * ```ts
 * import { AI_SDK_UI_HEADERS, aiSdkUi } from 'rxjs-llm-stream/ai-sdk-ui';
 * import { streamMessages } from 'rxjs-llm-stream/anthropic';
 * import { respond } from 'rxjs-llm-stream/server';
 *
 * export async function POST(request: Request): Promise<Response> {
 *   const events = streamMessages(await paramsOf(request), { apiKey: process.env['ANTHROPIC_API_KEY'] });
 *   const response = await respond(events, { codec: aiSdkUi, signal: request.signal });
 *   for (const [name, value] of Object.entries(AI_SDK_UI_HEADERS)) response.headers.set(name, value);
 *   return response;
 * }
 * ```
 */
export const aiSdkUi: UiCodec = aiSdkUiDialect({});

/** The same, written for a version of the AI SDK. What is read is the same in both. */
export function aiSdkUiDialect(dialect: UiDialect): UiCodec {
  return {
    name: 'ai-sdk-ui',
    framing: 'sse',
    schema: uiMessageChunkSchema,
    passes: PASSES,
    terminator: DONE,
    decoder: (pass) => guarded('ai-sdk-ui', new UiDecoder(pass)),
    encoder: () => new UiEncoder(dialect),
  };
}
