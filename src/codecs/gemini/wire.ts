import type { Json } from '../kit/json.js';
import {
  anything,
  chosen,
  count,
  flag,
  holding,
  listOf,
  nullableText,
  nullish,
  number,
  object,
  place,
  someText,
  text,
  that,
  type Output,
  type Schema,
} from '../kit/shape.js';
import { words } from '../kit/words.js';
import { segmentsOf } from './jsonPath.js';

/**
 * The chunks of `streamGenerateContent`. The schemas ask that the members which the meaning depends on are of their type.
 * All of them may be left out, or be `null`; every other member passes as it came.
 */

/** The finish reasons beside ours. What is in neither column passes as it came. */
export const finishReasons = words([
  ['STOP', 'end_turn'],
  ['STOP', 'tool_use'],
  ['STOP', 'stop_sequence'],
  ['STOP', 'pause_turn'],
  ['MAX_TOKENS', 'max_tokens'],
  ['MAX_TOKENS', 'model_context_window_exceeded'],
  ...[
    'SAFETY',
    'RECITATION',
    'BLOCKLIST',
    'PROHIBITED_CONTENT',
    'SPII',
    'IMAGE_SAFETY',
    'IMAGE_PROHIBITED_CONTENT',
    'IMAGE_RECITATION',
    'MODEL_ARMOR',
  ].map((reason) => [reason, 'refusal'] as const),
]);

/** What the parts are called that a block of the same type stands for, with their members. */
export const PART_KINDS = ['executableCode', 'codeExecutionResult', 'toolCall', 'toolResponse'] as const;

/** What the API says of an answer besides its content, and a `Message` has no field for. */
export const ANSWER_MEMBERS = [
  'groundingMetadata',
  'citationMetadata',
  'urlContextMetadata',
  'promptFeedback',
  'finishMessage',
] as const;

const members = nullish(object<Json>({}));

function isPath(path: unknown): boolean {
  return typeof path === 'string' && segmentsOf(path) !== undefined;
}

const partialArg = holding({
  /** Where the value stands: `$.legs[0].to`. */
  jsonPath: that<string>('a path of members and indexes', isPath),
  /** More of the text there. */
  stringValue: nullableText,
  numberValue: nullish(number),
  boolValue: nullish(flag),
  /** `NULL_VALUE` or `null`: that it is there says it. */
  nullValue: anything,
  /** Whether more of the same text follows. */
  willContinue: nullish(flag),
});

const functionCall = holding({
  id: nullableText,
  name: nullableText,
  /** The whole input. */
  args: members,
  /** Pieces of the input, where it is streamed. */
  partialArgs: listOf(partialArg),
  /** Whether more of the input follows. */
  willContinue: nullish(flag),
});

const part = holding({
  text: nullableText,
  /** Whether the text is thinking. */
  thought: nullish(flag),
  /** Opaque: it is sent back with the part, or the API refuses the next request. */
  thoughtSignature: nullableText,
  functionCall: nullish(functionCall),
  /** A medium, its bytes in base64. */
  inlineData: nullish(holding({ mimeType: nullableText, data: someText })),
  /** A medium, and where it is. */
  fileData: nullish(holding({ mimeType: nullableText, fileUri: someText })),
  executableCode: members,
  codeExecutionResult: members,
  toolCall: members,
  toolResponse: members,
});

const candidate = holding({
  /** Its number among the candidates: 0 is the answer. */
  index: nullish(place),
  content: nullish(holding({ role: nullableText, parts: listOf(part) })),
  /** Why the model stopped. It may stand on any chunk, and the last one counts. */
  finishReason: nullableText,
  /** More about the reason. */
  finishMessage: nullableText,
  safetyRatings: listOf(object<Json>({})),
  groundingMetadata: members,
  citationMetadata: members,
  urlContextMetadata: members,
});

const usageMetadata = holding({
  /** The tokens of the prompt, those from the cache included. */
  promptTokenCount: count,
  cachedContentTokenCount: count,
  candidatesTokenCount: count,
  thoughtsTokenCount: count,
  /** What tools gave that the API ran: it is input too. */
  toolUsePromptTokenCount: count,
  totalTokenCount: count,
});

/** A chunk of an answer. */
export const geminiChunkSchema = holding({
  candidates: listOf(candidate),
  promptFeedback: nullish(holding({ blockReason: nullableText, blockReasonMessage: nullableText })),
  usageMetadata: nullish(usageMetadata),
  modelVersion: nullableText,
  /** The id of the answer. */
  responseId: nullableText,
  /** The number of the answer in its stream, from 2 on. It is of this library: the API gives one answer a stream. */
  answer: nullish(place),
});

/** A failure within the stream. */
export const geminiErrorSchema = holding({
  error: holding({ code: anything, message: text, status: nullableText, details: anything }),
});

/** A path and a value of a streamed input. */
export interface GeminiPartialArg extends Output<typeof partialArg> {}

/** A call of one of the caller's functions. */
export interface GeminiFunctionCall extends Output<typeof functionCall> {}

/** A piece of an answer: a text, a call, a medium, what was run. */
export interface GeminiPart extends Output<typeof part> {}

/** One of the answers that the model gave. */
export interface GeminiCandidate extends Output<typeof candidate> {}

/** Numbers of tokens. */
export interface GeminiUsage extends Output<typeof usageMetadata> {}

/** A chunk of an answer. */
export interface GeminiChunk extends Output<typeof geminiChunkSchema> {}

/** A failure within the stream. */
export interface GeminiError extends Output<typeof geminiErrorSchema> {}

/**
 * What the API says of an answer and a `Message` has no field for. The codec reads it as members of the message, or of
 * `message_delta` where it was told after the start, and writes it back.
 */
export interface GeminiFields {
  /** What the answer is grounded in. Offsets in it count the bytes of the text in UTF-8. */
  readonly groundingMetadata?: Json;
  readonly citationMetadata?: Json;
  readonly urlContextMetadata?: Json;
  /** Why the prompt was blocked, where it was. */
  readonly promptFeedback?: Json;
  /** More about a finish reason that is no refusal. */
  readonly finishMessage?: string;
}

/**
 * What the API says of a block and no block has a field for: its signature, and whether a picture is of the thinking.
 * A block with these is not to be sent to another provider as it stands.
 */
export interface GeminiBlockFields {
  readonly signature?: string;
  readonly thought?: true;
}

const CHUNK_MEMBERS = ['usageMetadata', 'modelVersion', 'responseId', 'promptFeedback', 'answer'] as const;

/** Whether an object is a chunk, by its members: it has one of them. */
export function isChunk(value: Json): boolean {
  // Nearly every chunk has candidates.
  return value['candidates'] !== undefined || CHUNK_MEMBERS.some((name) => value[name] !== undefined);
}

/** What an object that is no chunk is called: by its type, or by its first member. */
export function nameOf(value: Json): string | undefined {
  const { type } = value;
  return typeof type === 'string' && type !== '' ? type : Object.keys(value)[0];
}

/** Anything that a stream may hold. */
export const geminiFrameSchema: Schema<GeminiChunk | GeminiError> = chosen((value) =>
  isChunk(value) && !value['error'] ? geminiChunkSchema : geminiErrorSchema,
);
