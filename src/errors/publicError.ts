import { streamErrorOf } from './streamError.js';
import type { StreamErrorCode } from './streamErrorCode.js';

/** What an error says to a browser, or to anybody who must not read what a provider wrote. */
export interface PublicError {
  readonly code: StreamErrorCode;
  /** A sentence of this library, the same for every error of its code. */
  readonly message: string;
  /** Whether the same request may succeed when it is sent again. */
  readonly retryable: boolean;
  /** How long to wait before that, in ms. */
  readonly retryAfterMs?: number;
  /** The class of the HTTP status, where one is known: 4 for all from 400 to 499. */
  readonly statusClass?: number;
}

const SENTENCES: Readonly<Record<StreamErrorCode, string>> = {
  http: 'The service refused the request.',
  network: 'The connection to the service was lost.',
  timeout: 'The service took too long to answer.',
  'not-a-stream': 'The service gave an answer of an unexpected kind.',
  malformed: 'The service gave an answer that could not be read.',
  protocol: 'The service gave an answer that could not be read.',
  api: 'The service reported a failure.',
  truncated: 'The answer was cut off.',
  limit: 'The answer was larger than allowed.',
  'tool-input': 'The answer asked for something that is not possible.',
  gap: 'A part of the answer is not there any more.',
  gone: 'The answer is not there any more.',
  abandoned: 'The answer was abandoned.',
  aborted: 'The request was cancelled.',
  source: 'Something went wrong.',
};

/**
 * What an error says to a browser: nothing that anybody else wrote, neither a provider nor the model nor the author of a
 * foreign error. So a relay can send it on, although the error itself names accounts, limits or addresses.
 *
 * ```ts
 * import { StreamError, publicError } from 'rxjs-llm-stream';
 *
 * const error = new StreamError('http', 'HTTP 429: Organisation org-17 is out of tokens', {
 *   status: 429,
 *   retryable: true,
 *   retryAfterMs: 7000,
 * });
 * console.log(JSON.stringify(publicError(error)));
 * // {"code":"http","message":"The service refused the request.","retryable":true,"retryAfterMs":7000,"statusClass":4}
 * ```
 *
 * @param error - whatever came down the error channel
 * @returns a plain object, fit for JSON
 */
export function publicError(error: unknown): PublicError {
  const { code, retryable, retryAfterMs, status = 0 } = streamErrorOf(error);
  return {
    code,
    message: SENTENCES[code],
    retryable,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(status >= 100 && status < 600 && { statusClass: Math.floor(status / 100) }),
  };
}
