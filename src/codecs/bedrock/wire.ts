import type { Json } from '../kit/json.js';
import {
  anything,
  chosen,
  count,
  holding,
  listOf,
  lookup,
  nullableText,
  nullish,
  object,
  place,
  someText,
  text,
  type Output,
  type Schema,
} from '../kit/shape.js';
import { words } from '../kit/words.js';

/**
 * The events of `ConverseStream`: what their bodies hold, by the type that the frame names. The schemas ask that the members
 * which the meaning depends on are of their type. All but the number of a block may be left out, or be `null`; every other
 * member passes as it came.
 */

/** The stop reasons beside ours. What is in neither column passes as it came. */
export const stopReasons = words([
  ['content_filtered', 'refusal'],
  ['guardrail_intervened', 'refusal'],
]);

/** What the service adds to the last chunk of `InvokeModelWithResponseStream`, whatever that holds. */
export const INVOCATION = 'amazon-bedrock-invocationMetrics';

/** What `metadata` says besides the usage, and a `Message` has no field for. */
export const METADATA_MEMBERS = ['metrics', 'trace', 'serviceTier', 'performanceConfig', INVOCATION] as const;

const members = nullish(object<Json>({}));

const start = holding({
  toolUse: nullish(
    holding({
      toolUseId: someText,
      name: someText,
      /** `server_tool_use` where the service runs the tool. */
      type: nullableText,
    }),
  ),
  /** What a tool gave that the service ran. */
  toolResult: nullish(holding({ toolUseId: someText, type: nullableText, status: nullableText })),
  image: nullish(holding({ format: nullableText })),
});

const delta = holding({
  text: nullableText,
  /** More of the JSON of a call's input. */
  toolUse: nullish(holding({ input: nullableText })),
  /** Thinking: more of it, its signature, or what the provider does not show, in base64. */
  reasoningContent: nullish(
    holding({ text: nullableText, signature: nullableText, redactedContent: nullableText }),
  ),
  /** Texts and JSON values. */
  toolResult: listOf(object<Json>({})),
  citation: nullish(
    holding({
      title: nullableText,
      source: nullableText,
      sourceContent: listOf(object<Json>({})),
      location: members,
    }),
  ),
  image: nullish(
    holding({
      source: nullish(holding({ bytes: nullableText, s3Location: nullish(holding({ uri: nullableText })) })),
      error: nullish(holding({ message: nullableText })),
    }),
  ),
});

/** Begins a message. */
export const messageStartSchema = holding({ role: nullableText });

/** Begins a block. Those of text and thinking begin with their first delta. */
export const contentBlockStartSchema = holding({ contentBlockIndex: place, start: nullish(start) });

/** Lets a block grow. */
export const contentBlockDeltaSchema = holding({ contentBlockIndex: place, delta: nullish(delta) });

/** Ends a block. */
export const contentBlockStopSchema = holding({ contentBlockIndex: place });

/** Says why the message ends. */
export const messageStopSchema = holding({
  stopReason: nullableText,
  /** What the request asked the model for besides: `{ delta: { stop_sequence } }`. */
  additionalModelResponseFields: anything,
});

/** Says what the message cost, which ends it once it has stopped. */
export const metadataSchema = holding({
  usage: nullish(
    holding({
      /** Without those that were read from the cache or written to it. */
      inputTokens: count,
      outputTokens: count,
      totalTokens: count,
      cacheReadInputTokens: count,
      cacheWriteInputTokens: count,
    }),
  ),
  metrics: members,
  trace: members,
  serviceTier: members,
  performanceConfig: members,
  [INVOCATION]: members,
});

/** Says that the answer failed. The name of the exception is the type of the frame. */
export const exceptionSchema = holding({ message: text });

/** A piece of what a model streams in its own protocol. */
export const chunkSchema = holding({ bytes: text });

/** A piece of an answer of a Titan model; the last one says why it ends. */
export const titanChunkSchema = holding({
  outputText: nullableText,
  completionReason: nullableText,
  inputTextTokenCount: count,
  totalOutputTextTokenCount: count,
});

/** A piece of an answer of a Titan model. */
export interface TitanChunk extends Output<typeof titanChunkSchema> {}

/** The events by their type. */
const EVENTS = {
  messageStart: messageStartSchema,
  contentBlockStart: contentBlockStartSchema,
  contentBlockDelta: contentBlockDeltaSchema,
  contentBlockStop: contentBlockStopSchema,
  messageStop: messageStopSchema,
  metadata: metadataSchema,
};

/** The name of an event of `ConverseStream`. */
export type ConverseEventType = keyof typeof EVENTS;

/** The schema of what an event of this type holds, if there is one. */
export const schemaOf: (type: string) => Schema | undefined = lookup<Schema>(EVENTS);

/** Begins a block. */
export interface ConverseBlockStart extends Output<typeof contentBlockStartSchema> {}

/** Lets a block grow. */
export interface ConverseBlockDelta extends Output<typeof contentBlockDeltaSchema> {}

/** Ends a block. */
export interface ConverseBlockStop extends Output<typeof contentBlockStopSchema> {}

/** Says why the message ends. */
export interface ConverseMessageStop extends Output<typeof messageStopSchema> {}

/** Says what the message cost. */
export interface ConverseMetadata extends Output<typeof metadataSchema> {}

/** A citation as it came. `url` is the address in its `location`, for readers that look for one. */
export interface ConverseCitation extends NonNullable<Output<typeof delta>['citation']> {
  readonly type: 'converse';
  readonly url?: string;
}

/** Begins a message. */
export interface ConverseMessageStart extends Output<typeof messageStartSchema> {}

/** Says that the answer failed. */
export interface BedrockException extends Output<typeof exceptionSchema> {}

/** What any event of `ConverseStream` holds. */
export type ConverseBody =
  | ConverseMessageStart
  | ConverseBlockStart
  | ConverseBlockDelta
  | ConverseBlockStop
  | ConverseMessageStop
  | ConverseMetadata
  | BedrockException;

/**
 * What the service says of an answer and a `Message` has no field for. The codec reads it as members of `message_delta`, and
 * writes it back.
 */
export interface ConverseFields {
  /** How long the answer took. */
  readonly metrics?: Json;
  /** What guardrails and routers did. */
  readonly trace?: Json;
  readonly serviceTier?: Json;
  readonly performanceConfig?: Json;
  /** What the service counted, with `bedrockInvoke(bedrockConverse)`. */
  readonly [INVOCATION]?: Json;
  /** What the request asked the model for besides. */
  readonly additionalModelResponseFields?: unknown;
}

/** What an event of `ConverseStream` holds, told by its members: its type stands beside it, in the frame. */
export const converseBodySchema: Schema<ConverseBody> = chosen((value) => {
  if ('delta' in value) return contentBlockDeltaSchema;
  if ('start' in value) return contentBlockStartSchema;
  if ('contentBlockIndex' in value) return contentBlockStopSchema;
  if ('stopReason' in value) return messageStopSchema;
  if ('usage' in value) return metadataSchema;
  return 'role' in value ? messageStartSchema : exceptionSchema;
});

/** A piece of what a model streams in its own protocol, in base64. */
export interface BedrockChunk extends Output<typeof chunkSchema> {}

/** What a frame of `InvokeModelWithResponseStream` holds: such a piece, or an exception. */
export const invokeBodySchema: Schema<BedrockChunk | BedrockException> = chosen((value) =>
  'message' in value ? exceptionSchema : chunkSchema,
);
