/** Runs on a server of the Durable Streams protocol: `rxjs-llm-stream/log/durable-streams`. */
export { durableStreamsLog, type DurableStreamsLogOptions } from './durableStreams/durableStreamsLog.js';
