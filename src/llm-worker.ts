/** The Rust crate `llm-worker`: `rxjs-llm-stream/llm-worker`. */
export { llmWorker } from './codecs/llmWorker/codec.js';
export type * from './codecs/llmWorker/event.js';
export { workerEventSchema, workerEventSchemas } from './codecs/llmWorker/schemas.js';
export * as workerEvents from './codecs/llmWorker/workerEvents.js';
