/** The streams of Ollama: `rxjs-llm-stream/ollama`. */
export { ollama, ollamaDialect } from './codecs/ollama/codec.js';
export { ollamaLineSchema } from './codecs/ollama/schemas.js';
export type {
  OllamaApi,
  OllamaFields,
  OllamaLine,
  OllamaMessagePart,
  OllamaToolCall,
} from './codecs/ollama/wire.js';
