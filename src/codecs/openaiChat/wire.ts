import { isObject, type Json } from '../kit/json.js';
import {
  arrayOf,
  chosen,
  count,
  holding,
  listOf,
  nullableText,
  nullish,
  object,
  place,
  that,
  type Holds,
  type Output,
  type Schema,
} from '../kit/shape.js';
import { words } from '../kit/words.js';

/**
 * The chunks of chat completions, in all dialects. The schemas ask that the members which the meaning depends on are of
 * their type. All of them may be left out, or be `null`; every other member passes as it came.
 */

/** What ends a stream. */
export const DONE = '[DONE]';

/** What the `object` of a chunk says. */
export const CHUNK = 'chat.completion.chunk';
const OBJECTS: ReadonlySet<unknown> = new Set([CHUNK, 'chat.completion', 'text_completion']);

/** Why a choice ended, beside our words for it; in each direction the first row that has a word counts. */
export const stopReasons = words([
  ['stop', 'end_turn'],
  ['length', 'max_tokens'],
  ['tool_calls', 'tool_use'],
  ['function_call', 'tool_use'],
  ['content_filter', 'refusal'],
  ['stop', 'stop_sequence'],
  ['stop', 'pause_turn'],
  ['length', 'model_context_window_exceeded'],
]);

const details = listOf(object<Json>({}));
const usage = holding({
  /** All of the input: what the cache served and what was written to it is part of it. */
  prompt_tokens: count,
  completion_tokens: count,
  total_tokens: count,
  prompt_tokens_details: nullish(holding({ cached_tokens: count, cache_write_tokens: count })),
  completion_tokens_details: nullish(holding({ reasoning_tokens: count })),
});
const calledFunction = {
  name: nullableText,
  /** More of the JSON of the input; in one dialect the value itself. */
  arguments: nullish(
    that<string | Json>('a string or an object', (value) => typeof value === 'string' || isObject(value)),
  ),
};
const toolCall = holding({
  /** Its number among the calls of the answer. */
  index: nullish(place),
  id: nullableText,
  /** `function` or `custom`. */
  type: nullableText,
  function: nullish(holding(calledFunction)),
  /** A tool whose input is text. */
  custom: nullish(holding({ name: nullableText, input: nullableText })),
  /** Where Google puts the signature of a call. */
  extra_content: nullish(object<Json>({})),
});
const said = {
  role: nullableText,
  /** More text; in one dialect a list of parts. */
  content: nullish(
    that<string | readonly Json[]>(
      'a string or an array of objects',
      (value) => typeof value === 'string' || (Array.isArray(value) && value.every(isObject)),
    ),
  ),
  /** More text, of an answer that refuses. */
  refusal: nullableText,
  /** More thinking: `reasoning_content` of DeepSeek and those after it, `reasoning` of OpenRouter, Groq and vLLM. */
  reasoning_content: nullableText,
  reasoning: nullableText,
  /** The same thinking again, with its signatures, and what is encrypted of it. */
  reasoning_details: details,
  thinking_blocks: details,
  tool_calls: listOf(toolCall),
  /** The one call of an answer, of the time before there were several. It has no id. */
  function_call: nullish(holding(calledFunction)),
  annotations: details,
  images: details,
  audio: nullish(object<Json>({})),
};
const delta = holding(said);
const metStop = nullish(
  that<string | number>('a string or a number', (value) => /^(?:string|number)$/.test(typeof value)),
);
const choice = holding({
  index: nullish(place),
  delta: nullish(delta),
  /** All of the answer, where there is no `delta`; beside one it repeats what came. */
  message: nullish(delta),
  /** More text, of a text completion. */
  text: nullableText,
  finish_reason: nullableText,
  /** The stop sequence that was met, or the number of its token: of vLLM, and of SGLang. */
  stop_reason: metStop,
  matched_stop: metStop,
  content_filter_results: nullish(object<Json>({})),
  /** Where Moonshot puts it. */
  usage: nullish(usage),
});
const chunk = {
  id: nullableText,
  object: nullableText,
  model: nullableText,
  /** Nothing but usage, and what a filter says, comes without a choice. */
  choices: listOf(choice),
  usage: nullish(usage),
  /** Where Groq puts the usage, in older streams only there. */
  x_groq: nullish(holding({ usage: nullish(usage) })),
};

/** A chunk of a chat completion, or of a text completion. */
export const chatChunkSchema = holding(chunk);

/** A failure within a stream. */
export const chatErrorSchema = holding({ error: that<object | string>('an object or a string', isSaid) });

const UNKNOWN = holding({ choices: arrayOf(choice) });

/** What a frame may hold. */
export const chatFrameSchema: Schema<ChatFrame> = chosen((value) =>
  isSaid(value['error']) ? chatErrorSchema : isChunk(value) ? chatChunkSchema : UNKNOWN,
);

/** Tokens of an answer, and whatever else a provider counts. */
export interface ChatUsage extends Output<typeof usage> {}

/** What is new of a call. The pieces of `arguments`, joined, are JSON text. */
export interface ChatToolCall extends Output<typeof toolCall> {}

/** What is new of an answer. */
export interface ChatDelta extends Holds<typeof said> {}

/** One of the answers of a request; with `n: 1`, as by default, the only one. */
export interface ChatChoice extends Output<typeof choice> {}

/** A chunk of a chat completion, or of a text completion. */
export interface ChatChunk extends Holds<typeof chunk> {}

/** A failure within a stream. */
export interface ChatError extends Output<typeof chatErrorSchema> {}

/** What a frame may hold, besides `[DONE]`. */
export type ChatFrame = ChatChunk | ChatError;

/**
 * What only some providers say of an answer, and a `Message` has no field for. The codec reads it as fields of
 * `message_start`'s message, or of `message_delta` where it came only later: the finished message has it either way, and
 * the encoder writes it back.
 */
export interface ChatFields {
  /** When it was made, in seconds since 1970. */
  readonly created?: number;
  readonly service_tier?: string;
  readonly system_fingerprint?: string;
  /** Who answered for OpenRouter. */
  readonly provider?: string;
  /** The addresses that Perplexity found. */
  readonly citations?: readonly string[];
  readonly search_results?: readonly object[];
  /** The tools that Groq ran. */
  readonly executed_tools?: readonly object[];
  /** The reason in the words of the provider behind OpenRouter. */
  readonly native_finish_reason?: string;
}

/** The fields of {@link ChatFields} that stand in a chunk itself. */
export const FIELDS = [
  'created',
  'service_tier',
  'system_fingerprint',
  'provider',
  'citations',
  'search_results',
] as const satisfies readonly (keyof ChatFields)[];

/**
 * Whether the value of a frame is a chunk, rather than an event of another kind.
 *
 * @param value - the value
 * @param name - what else its frame may be called: an event with a name of its own is a chunk only if it has a choice
 */
export function isChunk({ object: kind, type, choices, usage }: Json, name?: string): boolean {
  if ((Array.isArray(choices) && choices.length > 0) || OBJECTS.has(kind)) return true;
  return !(kind || type || name) && (choices !== undefined || isObject(usage));
}

function isSaid(value: unknown): boolean {
  return isObject(value) || (typeof value === 'string' && value !== '');
}
