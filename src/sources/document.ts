import { errorIn, isFailure } from '../codecs/kit/errorIn.js';
import { isObject, type Json } from '../codecs/kit/json.js';
import { apiError } from '../errors/apiError.js';
import { reportOf } from '../errors/report.js';
import { retryAfter } from '../errors/retryAfter.js';
import { isRetryableStatus, StreamError } from '../errors/streamError.js';
import { SseFramer } from '../wire/sse.js';
import { ChunkDecoder } from '../wire/text.js';
import type { Chunk, ChunkReader } from './chunk.js';
import { looksOf } from './firstBytes.js';

/** How many characters are read of a body that is not a stream: room for any error document, yet a bound. */
export const MAX_DOCUMENT_LENGTH = 64 * 1024;

/** Reads a body that is not a stream, or the beginning of it, and fails with what the body says. */
export class DocumentReader implements ChunkReader {
  readonly hasEnded = false;
  readonly #decoder = new ChunkDecoder();
  readonly #failure: (text: string) => StreamError;
  #text = '';

  /** @param failure - makes the failure from the text of the document */
  constructor(failure: (text: string) => StreamError) {
    this.#failure = failure;
  }

  next(chunk: Chunk): void {
    this.#text += this.#decoder.next(chunk);
    if (this.#text.length >= MAX_DOCUMENT_LENGTH) throw this.#failure(this.#text);
  }

  end(): never {
    throw this.#failure(this.#text + this.#decoder.end());
  }

  /** Half a document says more than a broken connection does: at least its status is known. */
  interrupted(): never {
    return this.end();
  }
}

/** What is known of a response before its body arrives. */
export interface ResponseHead {
  readonly status: number;
  readonly statusText: string;
  readonly headers: Pick<Headers, 'get'>;
  /** The platform's own value: `opaqueredirect` for a redirect that was not followed. */
  readonly type?: string | undefined;
}

/**
 * The failure of a response that has a status of success but is not a stream.
 *
 * @param text - the body, or the beginning of it
 * @returns a StreamError `api` for an error document, with what it says; otherwise `not-a-stream`, which names what the
 *   body looks like. `raw` has the beginning and the end of the body
 */
export function notAStream(text: string): StreamError {
  if (text.trim() === '') return new StreamError('not-a-stream', 'The server sent no events');
  const failure = failureIn(text);
  if (failure) {
    const error = apiError(errorIn(failure));
    return new StreamError('api', error.message, { ...error, raw: text });
  }
  const value = bodiesIn(text)[0]?.value;
  const { message, requestId } = reportOf(value);
  const isAnswer = value && ANSWERS.some((name) => Array.isArray(value[name]));
  const looks = isAnswer ? 'a whole answer' : looksOf(text);
  const said = isAnswer
    ? ': the request has to ask for one, as stream: true does'
    : message
      ? `: ${message}`
      : '';
  return new StreamError('not-a-stream', `The server sent ${looks} instead of a stream${said}`, {
    requestId,
    raw: text,
  });
}

/** Where an answer that is not streamed has what was said, at one provider or another. */
const ANSWERS = ['content', 'choices', 'output', 'candidates'];

/**
 * The failure of a response with a status outside 200 to 299.
 *
 * @param response - its head
 * @param text - the body, or the beginning of it
 * @param now - the current time in ms since the epoch, for a `retry-after` that is a date
 * @returns a StreamError `http` with `status`, 0 where a browser hides it, `requestId`, `retryAfterMs`, `retryable`, and
 *   the beginning and the end of the body as `raw`
 */
export function httpError(response: ResponseHead, text: string, now: number): StreamError {
  const { status, statusText, headers } = response;
  const reports = bodiesIn(text).map(({ value }) => reportOf(value, status));
  const report = reports.find(({ message }) => message) ?? reports[0] ?? reportOf('', status);
  const { message = isRedirect(response) ? NOT_FOLLOWED : statusText, errorType, requestId } = report;
  const retryAfterMs = retryAfter(headers, now);
  // A limit on spending is a 429 too, but names no time to wait.
  const isWorthWaiting =
    report.retryable === true || (retryAfterMs !== undefined && isRetryableStatus(status));
  const shouldRetry = headers.get('x-should-retry');
  // Browsers hide the status of a redirect that they do not follow.
  const title = status === 0 ? 'HTTP' : `HTTP ${status}`;
  return new StreamError('http', `${title}${message ? `: ${message}` : ''}`, {
    status,
    errorType,
    requestId: headers.get('request-id') ?? headers.get('x-request-id') ?? requestId,
    retryAfterMs,
    retryable: shouldRetry === 'true' || (shouldRetry !== 'false' && isWorthWaiting),
    raw: text,
  });
}

const NOT_FOLLOWED = "A redirect is followed only with the option redirect: 'follow'";

/** Whether the answer names another address: a 304 does not, nor a 302 without `location`. */
function isRedirect({ status, type, headers }: ResponseHead): boolean {
  return type === 'opaqueredirect' || (status >= 300 && status < 400 && headers.get('location') !== null);
}

/**
 * The failure that a text plainly says: JSON that is an error, by itself, on a line of its own, behind `error:`, or framed
 * as an event.
 *
 * @returns what it says; `undefined` where the text says none
 */
export function failureIn(text: string): Json | undefined {
  return bodiesIn(text).find(({ value, name }) => isFailure(value, name))?.value;
}

/** A JSON object in a text, and the name that its frame or its line gives it. */
interface Body {
  readonly value: Json;
  readonly name: string | undefined;
}

/** Of a text in many frames and lines only so many are tried, because each that is not JSON costs an exception. */
const MOST_TRIED = 64;

function bodiesIn(text: string): readonly Body[] {
  const whole = bodyIn(text);
  if (whole.length > 0) return whole;
  const frames = new SseFramer(Infinity, true).next(`${text.slice(0, MAX_DOCUMENT_LENGTH)}\n\n`);
  return frames
    .flatMap(({ data, event }) => [data, ...data.split('\n')].map((piece) => [piece, event] as const))
    .slice(0, MOST_TRIED)
    .flatMap(([piece, event]) => bodyIn(piece, event));
}

function bodyIn(text: string, event?: string): readonly Body[] {
  const trimmed = text.trim();
  const [field = ''] = /^error:\s*/i.exec(trimmed) ?? [];
  const json = trimmed.slice(field.length);
  if (!/^[{[]/.test(json)) return [];
  try {
    const parsed: unknown = JSON.parse(json);
    const value: unknown = Array.isArray(parsed) ? parsed[0] : parsed;
    return isObject(value) ? [{ value, name: field === '' ? event : 'error' }] : [];
  } catch {
    return [];
  }
}
