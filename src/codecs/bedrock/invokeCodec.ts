import type { StandardSchema } from '../../schema/standardSchema.js';
import { EventStreamUnpacker } from '../../wire/eventStream.js';
import { anthropic } from '../anthropic/codec.js';
import type { Codec } from '../codec.js';
import { guarded } from '../kit/protocols.js';
import { InvokeDecoder, InvokeEncoder } from './invoke.js';
import { invokeBodySchema, type BedrockChunk, type BedrockException } from './wire.js';

type InvokeCodec = Codec<BedrockChunk | BedrockException> & {
  readonly schema: StandardSchema<BedrockChunk | BedrockException, unknown>;
};

/**
 * The streams of Amazon Bedrock's `InvokeModelWithResponseStream`: AWS event streams whose `chunk`s hold what the model
 * streams in its own protocol, in base64. It carries what that protocol carries.
 *
 * ```ts
 * import { of } from 'rxjs';
 * import { decode } from 'rxjs-llm-stream';
 * import { bedrockInvoke } from 'rxjs-llm-stream/bedrock';
 *
 * const bytes = btoa('{"type":"ping"}');
 * of({ event: 'chunk', data: JSON.stringify({ bytes }) }).pipe(decode(bedrockInvoke())).subscribe(console.log);
 * // { type: 'ping' }
 * ```
 *
 * - An exception is an `error` whose type is its name. An error that is written stands in a chunk, as the model says it.
 * - `depth` bounds the JSON within a chunk as it bounds that of frames.
 * - Nova's chunks are the events of `ConverseStream`: `bedrockInvoke(bedrockConverse)`. Titan's are
 *   `bedrockInvoke(titanAnswer())`. Models of OpenAI speak SSE there: `openaiChat` and `openaiResponses`.
 *
 * @param codec - the protocol of the model. Default: that of Anthropic's
 * @returns the codec
 * @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModelWithResponseStream.html
 */
export function bedrockInvoke(codec: Codec = anthropic): InvokeCodec {
  const { name, passes } = codec;
  return {
    name: codec === anthropic ? 'bedrock-invoke' : `bedrock-invoke-${name}`,
    framing: 'eventstream',
    unpacker: (limits) => new EventStreamUnpacker(limits),
    schema: invokeBodySchema,
    ...(passes && { passes }),
    decoder: (pass, depth) => guarded('bedrock-invoke', new InvokeDecoder(codec, pass, depth)),
    encoder: () => new InvokeEncoder(codec),
  };
}
