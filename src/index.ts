// Events
export type * from './events/event.js';
export { eventTypeOf, isEvent, isPing, isTerminal, partialJsonOf, textOf } from './events/event.js';
export { idOf } from './events/id.js';
export * as events from './events/make.js';
export { isOutput } from './fold/order/output.js';

// What events are made of, and what operators make of them
export type * from './events/block.js';
export { isKnownBlock } from './events/block.js';
export type * from './events/delta.js';
export { isKnownDelta } from './events/delta.js';
export type * from './events/message.js';
export { isKnownStopReason } from './events/message.js';
export type * from './events/provider/citation.js';
export type * from './events/provider/refusal.js';
export type * from './events/provider/serverToolResult.js';
export type * from './events/turnMessage.js';
export type * from './events/unknown.js';
export type * from './events/usage.js';

// Errors
export { publicError, type PublicError } from './errors/publicError.js';
export {
  isStreamError,
  StreamError,
  type StreamErrorConstructor,
  type StreamErrorDetails,
  type StreamErrorOf,
} from './errors/streamError.js';
export type { StreamErrorCode, TimeoutKind } from './errors/streamErrorCode.js';
export { ToolError } from './errors/toolError.js';

// Sources: a request, a response or bytes to events
export type { Chunk, ChunkSource } from './sources/chunk.js';
export { fromBytes, type FromBytesOptions } from './sources/fromBytes.js';
export { fromHttpEvents } from './sources/angular/fromHttpEvents.js';
export { fromResponse } from './sources/fromResponse.js';
export type { HttpEventLike } from './sources/angular/httpEvent.js';
export type { DrainLimits, StreamLimits } from './sources/limits.js';
export type { Fetch } from './sources/answer.js';
export type { ResumeOptions } from './sources/resumed.js';
export { streamEvents, type StreamEventsOptions } from './sources/streamEvents.js';

// Wire: chunks to frames, and frames to text
export type { Frame } from './wire/frame.js';
export { ndjson } from './wire/ndjson.js';
export { sse, type SseOptions } from './wire/sse.js';
export type { WireLimits } from './wire/limits.js';
export { frameText, ndjsonText, sseComment, sseText } from './wire/write.js';

// Codecs: frames to events and back
export type { Codec, Decoder, Encoder } from './codecs/codec.js';
export type { DecodeOptions } from './codecs/policed.js';
export type { Passing, Skip, SkipKind } from './codecs/skip.js';
export { decode } from './codecs/decode.js';
export { encode } from './codecs/encode.js';

// Operators: events to events
export { abortOpenBlocks } from './operators/abortOpenBlocks.js';
export type { ProtocolViolation } from './fold/order/protocolChecker.js';
export type { InsertedEvent, ProtocolRepair } from './fold/order/protocolRepair.js';
export { checkProtocol, type CheckProtocolOptions } from './operators/checkProtocol.js';
export type { MessageLimits } from './fold/order/messageMeter.js';
export { limitMessages } from './operators/limitMessages.js';
export { stopOn, type StopOnOptions } from './operators/stopOn.js';
export { branch } from './operators/branch.js';
export { byLane, type LaneLimits } from './operators/byLane.js';
export { coalesce, type CoalesceOptions } from './operators/coalesce.js';
export { dropPings } from './operators/dropPings.js';
export type { FailedAttempt, RetryOptions } from './fold/pace/retryWait.js';
export { retryBeforeOutput } from './operators/retryBeforeOutput.js';
export { retryWithReset } from './operators/retryWithReset.js';
export type { StreamTimeoutOptions } from './fold/pace/clocks.js';
export { streamTimeout } from './operators/streamTimeout.js';
export { untilTerminal, type UntilTerminalOptions } from './operators/untilTerminal.js';
export type {
  ApproveTool,
  RunnableCall,
  RunToolsOptions,
  ToolContext,
  ToolDecision,
  ToolHandler,
  ToolHandlers,
  ToolWithOptions,
} from './tools/handlers.js';
export { runTools } from './operators/runTools.js';

// Operators: events to what a view shows
export { isBusy, type StreamState } from './fold/turn/streamState.js';
export { accumulateState } from './operators/accumulateState.js';
export { latestPerFrame } from './operators/latestPerFrame.js';
export { shareSnapshot, type ShareSnapshotOptions } from './operators/shareSnapshot.js';
export type { TextUnit } from './fold/pace/textUnits.js';
export { smoothText, type SmoothTextOptions } from './operators/smoothText.js';

// Operators: events to blocks
export { accumulateBlocks } from './operators/accumulateBlocks.js';
export { toBlocks } from './operators/toBlocks.js';

// Operators: events to messages
export { accumulateMessage } from './operators/accumulateMessage.js';
export { toMessage } from './operators/toMessage.js';

// Operators: events to text
export type { TextOptions } from './fold/message/between.js';
export { textDeltas } from './operators/textDeltas.js';
export { toText } from './operators/toText.js';

// Operators: events to tool input and calls
export type { ToolCall, ToolInput, ToolOptions, ToolSchemas } from './fold/calls/toolInput.js';
export type { ToolInvocation, ToolOutcome } from './fold/calls/toolInvocation.js';
export { accumulateToolCalls } from './operators/accumulateToolCalls.js';
export { accumulateToolInput, type AccumulateToolInputOptions } from './operators/accumulateToolInput.js';
export { toToolCalls } from './operators/toToolCalls.js';

// Operators: events to usage and times
export type { UsageEstimate } from './fold/usage/estimatedUsage.js';
export type { StreamMetrics } from './fold/usage/streamMetrics.js';
export { accumulateMetrics } from './operators/accumulateMetrics.js';
export type { UsageTotals } from './fold/usage/usageTotals.js';
export { accumulateUsage } from './operators/accumulateUsage.js';
export { sumUsage } from './operators/sumUsage.js';

// Turns: all replies to a question
export { historyOf, type HistoryOptions } from './turns/history.js';
export type { Approval } from './turns/approvals.js';
export type { Conversation, Question, Turn } from './turns/conversation.js';
export {
  converse,
  type AskApproval,
  type ConversationInput,
  type ConverseOptions,
} from './turns/converse.js';
export { streamTurn, type StreamTurnOptions } from './turns/streamTurn.js';

// Operators: text that is JSON to values
export type { JsonTextOptions } from './json/jsonText.js';
export { accumulateJson, type AccumulateJsonOptions, type JsonProgress } from './operators/accumulateJson.js';
export { toArrayElements, type ToArrayElementsOptions } from './operators/toArrayElements.js';

// JSON in fragments
export { createJsonReader, type JsonReader } from './json/jsonReader.js';
export type { JsonReaderOptions } from './json/jsonReader.js';
export type { JsonSnapshot } from './json/snapshot.js';
export { applyGrowth, type JsonGrowth } from './json/growth.js';
export type { JsonArray, JsonObject, JsonPath, JsonValue } from './json/value.js';

// Schemas of any library
export type {
  DeepPartial,
  SchemaInput,
  SchemaIssue,
  SchemaOutput,
  SchemaResult,
  StandardSchema,
} from './schema/standardSchema.js';
