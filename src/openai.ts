/** The streams of OpenAI's APIs, and of all that speak like it: `rxjs-llm-stream/openai`. */
export { openaiChat, openaiChatDialect } from './codecs/openaiChat/codec.js';
export { chatChunkSchema, chatErrorSchema, chatFrameSchema } from './codecs/openaiChat/schemas.js';
export type { ChatDialect } from './codecs/openaiChat/encoder.js';
export type {
  ChatChoice,
  ChatChunk,
  ChatDelta,
  ChatError,
  ChatFields,
  ChatFrame,
  ChatToolCall,
  ChatUsage,
} from './codecs/openaiChat/wire.js';
export { chatMessagesOf, type ChatMessagesOptions } from './codecs/openaiChat/request.js';
export type {
  ChatAssistantMessage,
  ChatRequestCall,
  ChatRequestMessage,
  ChatRequestPart,
} from './codecs/openaiChat/input.js';
export { streamChat, type ChatParams, type StreamChatOptions } from './sources/streamChat.js';
export { openaiResponses } from './codecs/openaiResponses/codec.js';
export { responseInputOf, type ResponseInputOptions } from './codecs/openaiResponses/request.js';
export { responsesEventSchema } from './codecs/openaiResponses/schemas.js';
export type {
  ResponsesAssistantMessage,
  ResponsesCall,
  ResponsesCaller,
  ResponsesCallOutput,
  ResponsesContent,
  ResponsesInputItem,
  ResponsesProviderItem,
  ResponsesReasoning,
  ResponsesUserMessage,
} from './codecs/openaiResponses/input.js';
export type {
  ResponsesEvent,
  ResponsesFields,
  ResponsesItem,
  ResponsesPart,
  ResponsesResponse,
  ResponsesUsage,
} from './codecs/openaiResponses/wire.js';
export {
  streamResponses,
  type ResponsesParams,
  type StreamResponsesOptions,
} from './sources/streamResponses.js';
