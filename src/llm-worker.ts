/** The Rust crate `llm-worker`: `rxjs-llm-stream/llm-worker`. */
export { llmWorker } from './codecs/llmWorker/codec.js';
export { workerEventSchema, workerEventSchemas } from './codecs/llmWorker/schemas.js';
export { workerEvents } from './codecs/llmWorker/make.js';
export type {
  WorkerBlockAbort,
  WorkerBlockDelta,
  WorkerBlockMetadata,
  WorkerBlockStart,
  WorkerBlockStop,
  WorkerBlockType,
  WorkerDelta,
  WorkerError,
  WorkerEvent,
  WorkerEventBodies,
  WorkerEventName,
  WorkerPing,
  WorkerReasoning,
  WorkerResponseStatus,
  WorkerStatus,
  WorkerStopReason,
  WorkerUsage,
} from './codecs/llmWorker/wire.js';
