/** The Anthropic Messages API: `rxjs-llm-stream/anthropic`. */
export { anthropic } from './codecs/anthropic/codec.js';
export { contentBlockSchema, deltaSchema, eventSchema, eventSchemas } from './codecs/anthropic/schemas.js';
export { streamMessages, type MessagesParams, type StreamMessagesOptions } from './sources/streamMessages.js';
