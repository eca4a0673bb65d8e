import type {
  NdjsonStreamEvent,
  RelayCitation,
  RelayToolCall,
  RelayToolCallDelta,
  RelayUsage,
  ResponsesStreamEnvelope,
  ResponsesStreamRecordV1,
} from './records.js';

/** How records are spelled: by `event`, or by `type` as v1 and v2 of the service's own stream do. */
export type ModelRelayDialect = 'event' | 'v1' | 'v2';

/** What is told of an answer as a whole. */
export interface Heading {
  readonly id?: string;
  readonly model?: string;
  readonly provider?: string;
  readonly state_id?: string;
}

/** What is told at the end of an answer. */
export interface Ending extends Heading {
  readonly text: string;
  /** The finished calls; absent where none has begun. */
  readonly calls?: readonly RelayToolCall[];
  readonly citations?: readonly RelayCitation[];
  readonly stop_reason?: string;
  readonly usage?: RelayUsage;
}

/** An error as the service tells it. */
export type Failure = Pick<ResponsesStreamEnvelope, 'code' | 'message' | 'status' | 'request_id'>;

/** The records that a dialect has; a method is missing where it has none. */
export interface Spelling {
  readonly key: 'type' | 'event';
  readonly ping: object;
  start(heading: Heading): object;
  /**
   * @param piece - what is new of the text
   * @param whole - the text so far
   */
  text(piece: string, whole: string): object;
  thinking?(piece: string): object;
  call(kind: 'tool_use_start' | 'tool_use_delta', delta: RelayToolCallDelta): object;
  stop(call: RelayToolCall): object;
  result?(call: RelayToolCall, result: unknown): object;
  completion(ending: Ending): object;
  readonly error: (failure: Failure) => object;
}

const V2: Spelling = {
  key: 'type',
  ping: { type: 'keepalive' } satisfies ResponsesStreamEnvelope,
  start: (heading): ResponsesStreamEnvelope => ({
    type: 'start',
    ...headed(heading),
    // Not `stream_mode`: whether the answer is text or a document is not known yet.
    stream_version: 'v2',
  }),
  text: (delta): ResponsesStreamEnvelope => ({ type: 'update', delta }),
  thinking: (reasoning_delta): ResponsesStreamEnvelope => ({ type: 'reasoning_delta', reasoning_delta }),
  call: (type, tool_call_delta): ResponsesStreamEnvelope => ({ type, tool_call_delta }),
  stop: (call): ResponsesStreamEnvelope => ({ type: 'tool_use_stop', tool_calls: [call] }),
  result: (call, tool_result): ResponsesStreamEnvelope => ({
    type: 'tool_use_stop',
    tool_calls: [call],
    tool_result,
  }),
  completion: ({ text, citations, ...ending }): ResponsesStreamEnvelope => ({
    type: 'completion',
    ...headed(ending),
    content: text,
    ...ended(ending),
    ...(citations && { citations }),
  }),
  error: (failure): ResponsesStreamEnvelope => ({ type: 'error', ...failure }),
};

const V1: Spelling = {
  key: 'type',
  ping: V2.ping,
  start: (heading): ResponsesStreamRecordV1 => ({ type: 'start', ...headed(heading) }),
  text: (_piece, content): ResponsesStreamRecordV1 => ({ type: 'update', payload: { content } }),
  call: (type, tool_call_delta): ResponsesStreamRecordV1 => ({ type, tool_call_delta }),
  stop: (call): ResponsesStreamRecordV1 => ({ type: 'tool_use_stop', tool_calls: [call] }),
  completion: ({ text, ...ending }): ResponsesStreamRecordV1 => ({
    type: 'completion',
    ...headed(ending),
    payload: { content: text },
    ...ended(ending),
  }),
  error: V2.error,
};

const EVENT: Spelling = {
  key: 'event',
  ping: { event: 'ping' } satisfies NdjsonStreamEvent,
  start: (heading): NdjsonStreamEvent => ({ event: 'message_start', ...stated(heading) }),
  text: (text_delta): NdjsonStreamEvent => ({ event: 'message_delta', text_delta }),
  call: (event, tool_call_delta): NdjsonStreamEvent => ({ event, tool_call_delta }),
  stop: (call): NdjsonStreamEvent => ({ event: 'tool_use_stop', tool_calls: [call] }),
  completion: (ending): NdjsonStreamEvent => ({ event: 'message_stop', ...stated(ending), ...ended(ending) }),
  // The schema has no record for it, and to end without a word would hide it: v2's, which its readers stop at.
  error: V2.error,
};

/** How each dialect is spelled. */
export const SPELLINGS: Readonly<Record<ModelRelayDialect, Spelling>> = { event: EVENT, v1: V1, v2: V2 };

function headed({
  id,
  model,
  provider,
}: Heading): Pick<ResponsesStreamEnvelope, 'request_id' | 'provider' | 'model'> {
  return {
    ...(id && { request_id: id }),
    ...(provider && { provider }),
    ...(model && { model }),
  };
}

function stated({
  id,
  model,
  state_id,
}: Heading): Pick<NdjsonStreamEvent, 'response_id' | 'model' | 'state_id'> {
  return {
    ...(id && { response_id: id }),
    ...(model && { model }),
    ...(state_id && { state_id }),
  };
}

function ended({
  calls,
  stop_reason,
  usage,
}: Omit<Ending, 'text'>): Pick<ResponsesStreamEnvelope, 'tool_calls' | 'stop_reason' | 'usage'> {
  return {
    ...(calls && { tool_calls: calls }),
    ...(stop_reason !== undefined && { stop_reason }),
    ...(usage && { usage }),
  };
}
