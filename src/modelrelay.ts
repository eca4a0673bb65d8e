/** The streams of ModelRelay: `rxjs-llm-stream/modelrelay`. */
export { modelrelay, modelrelayDialect } from './codecs/modelrelay/codec.js';
export type { ModelRelayDialect } from './codecs/modelrelay/dialects.js';
export type {
  JsonPatchOperation,
  ModelRelayRecord,
  NdjsonStreamEvent,
  RelayCitation,
  RelayFields,
  RelayToolCall,
  RelayToolCallDelta,
  RelayToolType,
  RelayUsage,
  ResponsesStreamEnvelope,
  ResponsesStreamRecordV1,
} from './codecs/modelrelay/records.js';
export {
  modelRelayRecordSchema,
  ndjsonStreamEventSchema,
  responsesStreamEnvelopeSchema,
  responsesStreamRecordV1Schema,
} from './codecs/modelrelay/schemas.js';
