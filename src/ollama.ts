/** The streams of Ollama: `rxjs-llm-stream/ollama`. */
export { ollama, ollamaDialect } from './codecs/ollama/codec.js';
export { ollamaMessagesOf } from './codecs/ollama/request.js';
export type { OllamaMessage, OllamaMessagesOptions, OllamaRequestCall } from './codecs/ollama/request.js';
export { ollamaLineSchema } from './codecs/ollama/schemas.js';
export type {
  OllamaApi,
  OllamaFields,
  OllamaLine,
  OllamaMessagePart,
  OllamaToolCall,
} from './codecs/ollama/wire.js';
export { streamOllama } from './sources/streamOllama.js';
export type { OllamaChatParams, OllamaGenerateParams, StreamOllamaOptions } from './sources/streamOllama.js';
