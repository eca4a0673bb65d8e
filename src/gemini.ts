/** The streams of Gemini: `rxjs-llm-stream/gemini`. */
export { gemini } from './codecs/gemini/codec.js';
export { geminiChunkSchema, geminiErrorSchema, geminiFrameSchema } from './codecs/gemini/schemas.js';
export { geminiInteractions } from './codecs/geminiInteractions/codec.js';
export { interactionEventSchema, interactionEventSchemas } from './codecs/geminiInteractions/schemas.js';
export { contentsOf } from './codecs/gemini/request.js';
export { streamGemini } from './sources/streamGemini.js';
export type { GroundingCitation } from './codecs/gemini/citation.js';
export type {
  ContentsOptions,
  GeminiContent,
  GeminiMedia,
  GeminiRequestPart,
} from './codecs/gemini/request.js';
export type { GeminiParams, StreamGeminiOptions } from './sources/streamGemini.js';
export type {
  GeminiBlockFields,
  GeminiCandidate,
  GeminiChunk,
  GeminiError,
  GeminiFields,
  GeminiFunctionCall,
  GeminiPart,
  GeminiPartialArg,
  GeminiUsage,
} from './codecs/gemini/wire.js';
export type {
  Interaction,
  InteractionContent,
  InteractionEvent,
  InteractionStep,
  InteractionStepDelta,
  InteractionUsage,
} from './codecs/geminiInteractions/wire.js';
