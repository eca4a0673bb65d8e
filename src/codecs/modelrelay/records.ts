/** Tokens of an answer. What is absent is zero, and the total is derived where it is. */
export interface RelayUsage {
  readonly input_tokens?: number;
  readonly output_tokens?: number;
  readonly total_tokens?: number;
}

/** What a call is of: a function, or a tool that is named by this type alone. */
export type RelayToolType = 'function' | 'web' | 'x_search' | 'code_execution' | 'image_generation';

/** A call that is finished. `arguments` is JSON text. */
export interface RelayToolCall {
  readonly id: string;
  readonly type: RelayToolType;
  readonly function?: { readonly name: string; readonly arguments: string };
}

/** What is new of a call. The pieces of `arguments`, joined, are JSON text. */
export interface RelayToolCallDelta {
  /** Its number among the calls of the answer. */
  readonly index?: number;
  readonly id?: string;
  readonly type?: RelayToolType;
  readonly function?: { readonly name?: string; readonly arguments?: string };
}

/** A page that the answer is based on. */
export interface RelayCitation {
  readonly url?: string;
  readonly title?: string;
}

/** A step of RFC 6902, of an answer that is a JSON document. */
export interface JsonPatchOperation {
  readonly op: 'add' | 'remove' | 'replace' | 'move' | 'copy' | 'test';
  readonly path: string;
  readonly from?: string;
  readonly value?: unknown;
}

/**
 * A record of the dialect `event`: what the service's OpenAPI schema calls `NDJSONStreamEvent`, for
 * `application/x-ndjson`. The service's own SDKs read `type` instead.
 */
export interface NdjsonStreamEvent {
  readonly event:
    | 'message_start'
    | 'message_delta'
    | 'message_stop'
    | 'tool_use_start'
    | 'tool_use_delta'
    | 'tool_use_stop'
    | 'ping'
    | 'keepalive';
  readonly model?: string;
  /** The answer's own id (`message_start`). */
  readonly response_id?: string;
  /** A UUID: names the conversation that the service holds. */
  readonly state_id?: string;
  /** Why the model stopped (`message_stop`). */
  readonly stop_reason?: string;
  /** More text (`message_delta`). */
  readonly text_delta?: string;
  readonly tool_call_delta?: RelayToolCallDelta;
  /** Finished calls (`tool_use_stop`, `message_stop`). */
  readonly tool_calls?: readonly RelayToolCall[];
  readonly usage?: RelayUsage;
}

/** The fields of a call and its result, which the SDKs read and the schema of v2 leaves out. */
interface ToolFields {
  /** What is new of a call (`tool_use_start`, `tool_use_delta`). */
  readonly tool_call_delta?: RelayToolCallDelta;
  /** Finished calls (`tool_use_stop`, `completion`). */
  readonly tool_calls?: readonly RelayToolCall[];
  /** Stands for `tool_calls` with this one alone. */
  readonly tool_call?: RelayToolCall;
  /** What the call gave, where the service ran it (`tool_use_stop`). */
  readonly tool_result?: unknown;
  /** These five stand for a `tool_call_delta`. */
  readonly index?: number;
  readonly id?: string;
  readonly name?: string;
  readonly arguments?: string;
  readonly tool_type?: RelayToolType;
}

/**
 * A record of the dialect `v2`: what the OpenAPI schema calls `ResponsesStreamEnvelope`, with the fields and types
 * that the SDKs know beside it. It answers `Accept: application/x-ndjson; profile="responses-stream/v2"`.
 */
export interface ResponsesStreamEnvelope extends ToolFields {
  readonly type:
    | 'start'
    | 'update'
    | 'reasoning_delta'
    | 'tool_use_start'
    | 'tool_use_delta'
    | 'tool_use_stop'
    | 'completion'
    | 'error'
    | 'keepalive'
    | 'ping';
  /** The answer's own id (`start`). */
  readonly request_id?: string;
  readonly provider?: string;
  readonly model?: string;
  readonly stream_mode?: 'text-delta' | 'structured-patch';
  readonly stream_version?: 'v2';
  /** More text (`update`). */
  readonly delta?: string;
  /** More thinking (`reasoning_delta`). */
  readonly reasoning_delta?: string;
  /** The whole text, not more of it (`completion`). */
  readonly content?: string;
  /** What changes in the document (`update` of an answer that is one). */
  readonly patch?: readonly JsonPatchOperation[];
  /** Dot paths of the document's values that are final (`update`). */
  readonly complete_fields?: readonly string[];
  /** The whole document (`completion` of an answer that is one). */
  readonly payload?: unknown;
  readonly stop_reason?: string;
  readonly usage?: RelayUsage;
  readonly citations?: readonly RelayCitation[];
  /** What went wrong, in a word, in a sentence and as an HTTP status (`error`). */
  readonly code?: string;
  readonly message?: string;
  readonly status?: number;
}

/**
 * A record of the dialect `v1`, which `v2` replaced: as there, but `update` holds the text as far as it has come
 * and `completion` the whole of it, both in a payload.
 */
export interface ResponsesStreamRecordV1 extends Omit<
  ResponsesStreamEnvelope,
  'delta' | 'content' | 'patch'
> {
  readonly payload?: { readonly content: string } | Readonly<Record<string, unknown>>;
}

/** A record of any of the three dialects. */
export type ModelRelayRecord = NdjsonStreamEvent | ResponsesStreamEnvelope | ResponsesStreamRecordV1;

/** What a record may hold, whatever its dialect. */
export type AnyFields = Partial<Omit<NdjsonStreamEvent, 'event'> & Omit<ResponsesStreamEnvelope, 'type'>>;

/**
 * What the service says of an answer and a `Message` has no field for. The codec reads it as fields of
 * `message_start`'s message, or of `message_delta` where it was told only then: the finished message has it either
 * way, and the encoder writes back what its dialect has a field for.
 */
export interface RelayFields {
  /** Who was asked: `openai`, `anthropic`, … */
  readonly provider?: string;
  /** Names the conversation that the service holds. */
  readonly state_id?: string;
  readonly citations?: readonly RelayCitation[];
}
