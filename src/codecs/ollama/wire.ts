import { isObject, type Json } from '../kit/json.js';
import {
  anything,
  count,
  flag,
  holding,
  listOf,
  nullableText,
  nullish,
  number,
  text,
  type Output,
} from '../kit/shape.js';
import { words } from '../kit/words.js';

/**
 * The lines of Ollama's own API. The schemas ask that the fields which the meaning depends on are of their type. All of
 * them may be left out, or be `null`; every other field passes as it came.
 *
 * @see https://docs.ollama.com/api/chat
 */

/** Whose lines they are: those of `/api/chat` or those of `/api/generate`. */
export type OllamaApi = 'chat' | 'generate';

/** Why a model stopped, in Ollama's words. `load` and `unload` answer a request without a prompt, and pass as they came. */
export const stopReasons = words([
  ['stop', 'end_turn'],
  ['stop', 'tool_use'],
  ['stop', 'stop_sequence'],
  ['length', 'max_tokens'],
  ['length', 'model_context_window_exceeded'],
]);

/** The time that says that nobody knows it. */
export const UNKNOWN_TIME = '1970-01-01T00:00:00Z';

const call = holding({
  /** Servers before the end of 2025 give none. */
  id: nullableText,
  function: nullish(
    holding({
      /** Its number among the calls of the answer. */
      index: count,
      name: nullableText,
      /** The whole input: an object. Some proxies send its JSON text. */
      arguments: anything,
    }),
  ),
});
const message = holding({
  role: nullableText,
  /** More text. */
  content: nullableText,
  /** More thinking. */
  thinking: nullableText,
  /** Calls, each whole, with no others in any other line. */
  tool_calls: listOf(call),
  /** In base64. */
  images: listOf(text),
});

/** A line of `/api/chat` or `/api/generate`. */
export const ollamaLineSchema = holding({
  model: nullableText,
  /** RFC 3339. */
  created_at: nullableText,
  /** Who answered in place of the server that was asked. */
  remote_model: nullableText,
  remote_host: nullableText,
  /** What is new (`/api/chat`). */
  message: nullish(message),
  /** More text (`/api/generate`). */
  response: nullableText,
  /** More thinking (`/api/generate`). */
  thinking: nullableText,
  /** In base64 (`/api/generate`). */
  image: nullableText,
  done: nullish(flag),
  done_reason: nullableText,
  /** Nanoseconds, as all durations. */
  total_duration: count,
  load_duration: count,
  /** Tokens of the prompt; left out where it was in the cache. */
  prompt_eval_count: count,
  prompt_eval_duration: count,
  /** Tokens of the answer. */
  eval_count: count,
  eval_duration: count,
  /** The conversation as tokens, to be sent with the next request (`/api/generate`). */
  context: listOf(number),
});

/** A line of `/api/chat` or `/api/generate`. */
export interface OllamaLine extends Output<typeof ollamaLineSchema> {}

/** What is new of an answer, in a line of `/api/chat`. */
export interface OllamaMessagePart extends Output<typeof message> {}

/** A call of one of the caller's tools. */
export interface OllamaToolCall extends Output<typeof call> {}

/**
 * What Ollama says of an answer and a `Message` has no field for. The codec reads it as fields of `message_start`'s
 * message, or of `message_delta` where it was told only then: the finished message has it either way, and the encoder
 * writes it back.
 */
export interface OllamaFields {
  /** When the answer began, RFC 3339. */
  readonly created_at?: string;
  /** Who answered in place of the server that was asked. */
  readonly remote_model?: string;
  readonly remote_host?: string;
  /** Nanoseconds, as all durations. */
  readonly total_duration?: number;
  readonly load_duration?: number;
  readonly prompt_eval_duration?: number;
  readonly eval_duration?: number;
  /** The conversation as tokens, to be sent with the next request. */
  readonly context?: readonly number[];
}

/** Whether a line is one of an answer: it says what is new, or that the answer is over. */
export function isOfAnswer({ message, response, done, done_reason }: Json): boolean {
  return (
    typeof done === 'boolean' || isObject(message) || typeof response === 'string' || Boolean(done_reason)
  );
}
