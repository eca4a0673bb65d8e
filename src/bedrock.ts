/** The streams of Amazon Bedrock: `rxjs-llm-stream/bedrock`. */
export { bedrockAnswer, bedrockConverse } from './codecs/bedrock/codec.js';
export { bedrockInvoke } from './codecs/bedrock/invokeCodec.js';
export { titanAnswer } from './codecs/bedrock/titan.js';
export { converseBodySchema, invokeBodySchema, titanChunkSchema } from './codecs/bedrock/schemas.js';
export { eventStream, eventStreamBytes } from './wire/eventStream.js';
export type { BedrockAnswerOptions } from './codecs/bedrock/codec.js';
export type {
  BedrockChunk,
  BedrockException,
  ConverseBlockDelta,
  ConverseBlockStart,
  ConverseBlockStop,
  ConverseBody,
  ConverseCitation,
  ConverseFields,
  ConverseMessageStart,
  ConverseMessageStop,
  ConverseMetadata,
  TitanChunk,
} from './codecs/bedrock/wire.js';
