import { isRetryableStatus, StreamError } from '../errors/streamError.js';
import { ChunkDecoder } from '../wire/text.js';
import type { Chunk, ChunkReader } from './chunk.js';

/** How many characters are read of a body that is not a stream: room for any error document, yet a bound. */
export const MAX_DOCUMENT_LENGTH = 64 * 1024;

/** Reads a body that is not a stream, or the beginning of it, and fails with what the body says. */
export class DocumentReader implements ChunkReader {
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

/** What an error document says about the failure. */
interface Report {
  readonly message?: string | undefined;
  readonly errorType?: string | undefined;
  readonly requestId?: string | undefined;
}

/**
 * The failure of a response that has a status of success but is not a stream.
 *
 * @param text - the body, or the beginning of it
 * @returns a StreamError `not-a-stream` with what the document says and its first 200 characters as `raw`
 */
export function notAStream(text: string): StreamError {
  if (text.trim() === '') return new StreamError('not-a-stream', 'The server sent no events');
  const { message, errorType, requestId } = read(text);
  const kind = text.trimStart().startsWith('<') ? 'a page' : 'a document';
  return new StreamError(
    'not-a-stream',
    `The server sent ${kind} instead of a stream${message ? `: ${message}` : ''}`,
    {
      errorType,
      requestId,
      raw: text,
    },
  );
}

/**
 * The failure of a response with a status outside 200 to 299.
 *
 * @param response - its head
 * @param text - the body, or the beginning of it
 * @param now - the current time in ms since the epoch, for a `retry-after` that is a date
 * @returns a StreamError `http` with `status`, 0 where a browser hides it, `requestId`, `retryAfterMs`, `retryable` and the first 200 characters
 *   of the body as `raw`
 */
export function httpError(response: ResponseHead, text: string, now: number): StreamError {
  const { status, statusText, headers } = response;
  const { message = isRedirect(response) ? NOT_FOLLOWED : statusText, errorType, requestId } = read(text);
  const retryAfterMs = retryAfter(headers, now);
  // Browsers hide the status of a redirect that they do not follow.
  const title = status === 0 ? 'HTTP' : `HTTP ${status}`;
  return new StreamError('http', `${title}${message ? `: ${message}` : ''}`, {
    status,
    errorType,
    requestId: headers.get('request-id') ?? headers.get('x-request-id') ?? requestId,
    retryAfterMs,
    retryable: isRetryable(headers.get('x-should-retry'), status, retryAfterMs),
    raw: text,
  });
}

const NOT_FOLLOWED =
  "The server redirected the request, and redirects are followed only with the option redirect: 'follow'";

/** A 304 and the other answers from 300 to 399 do not redirect. */
function isRedirect({ status, type }: ResponseHead): boolean {
  return type === 'opaqueredirect' || [301, 302, 303, 307, 308].includes(status);
}

/**
 * A limit that waiting does not lift, such as a cap on spending, is a 429 as well. It differs in that it names no time.
 *
 * @see https://docs.claude.com/en/api/errors
 */
function isRetryable(shouldRetry: string | null, status: number, retryAfterMs: number | undefined): boolean {
  if (shouldRetry === 'true') return true;
  if (shouldRetry === 'false' || (status === 429 && retryAfterMs === undefined)) return false;
  return isRetryableStatus(status);
}

/** The longest wait that counts, in ms: a timer cannot hold more. */
const MAX_WAIT = 2 ** 31 - 1;

/** The wait, in ms, that `retry-after-ms` or `retry-after` (in seconds or as a date) asks for. */
function retryAfter(headers: ResponseHead['headers'], now: number): number | undefined {
  const value = headers.get('retry-after');
  const wait =
    amount(headers.get('retry-after-ms'), 1) ?? amount(value, 1000) ?? Date.parse(value ?? '') - now;
  return wait >= 0 && wait <= MAX_WAIT ? wait : undefined;
}

function amount(value: string | null, unit: number): number | undefined {
  return value !== null && /^\d+(\.\d+)?$/.test(value) ? Math.ceil(Number(value) * unit) : undefined;
}

/** Reads an error document in the spellings that providers use. Any other text says nothing. */
function read(text: string): Report {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return {};
  }
  const outer = fields(body);
  const inner = fields(outer['error']);
  return {
    message: firstText(inner['message'], outer['error'], outer['message']),
    errorType: firstText(inner['type'], inner['code'], outer['code']),
    requestId: firstText(outer['request_id'], inner['request_id']),
  };
}

function fields(value: unknown): Partial<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? value : {};
}

function firstText(...values: unknown[]): string | undefined {
  return values.find((value): value is string => typeof value === 'string' && value !== '');
}
