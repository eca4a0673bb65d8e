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
 * Reading:
 * - A stream is one message, whatever steps it is made of. `finish` ends it well and `abort` stops it (`cancelled`); a stream
 *   with neither is cut off, unless it says `[DONE]`: then what had not ended by itself is given up.
 * - Sources are citations of the text that is open; files are `image` and `document` blocks. What a provider says besides
 *   stands in its block as `providerMetadata`, and what the app says of a message as its `messageMetadata`.
 * - Approvals are `tool_approval` events, progress is a `preliminary` result. A result may be of a call in an earlier stream.
 * - A whole input that is not what was streamed is a `reset`; `reset-step` drops its step, and those before it come anew.
 * - `data-*`, and what else has no event, pass whole as `unknown` events.
 *
 * Writing:
 * - Only what the client knows, or it fails: events of an unknown type travel in a transient part `data-event`.
 * - Each further message is a step of the first. `messageMetadata` has the model, the usage and our stop reason, each of the
 *   message that came last.
 * - Send `AI_SDK_UI_HEADERS` with it.
 *
 * docs/protocols.md lists what is lost.
 *
 * @see https://ai-sdk.dev/docs/ai-sdk-ui/stream-protocol#data-stream-protocol
 */
export const aiSdkUi: UiCodec = aiSdkUiDialect({});

/**
 * The same, written for a version of the AI SDK. What is read is the same in both.
 *
 * @param dialect - the version; 6 without one, which 7 reads too
 */
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
