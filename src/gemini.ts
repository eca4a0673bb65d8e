/** The streams of Gemini: `rxjs-llm-stream/gemini`. */
export { gemini } from './codecs/gemini/codec.js';
export { geminiChunkSchema, geminiErrorSchema, geminiFrameSchema } from './codecs/gemini/schemas.js';
export type { GroundingCitation } from './codecs/gemini/citation.js';
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
