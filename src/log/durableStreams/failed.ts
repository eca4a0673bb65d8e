import { retryAfter } from '../../errors/retryAfter.js';
import { isRetryableStatus, isStreamError, StreamError } from '../../errors/streamError.js';
import { gone } from '../bounds.js';

/**
 * Makes of what `fetch` failed with a StreamError.
 *
 * @param error - what an attempt was rejected with
 */
export function failed(error: unknown): StreamError {
  if (isStreamError(error)) return error;
  return new StreamError('network', 'The connection to the server of the log failed', { cause: error });
}

/** Cancels a body that nobody reads, because it holds its connection. A `fetch` of the caller's own may give one that cannot be cancelled. */
export function dropBody({ body }: Response): void {
  void (body as Partial<ReadableStream> | null)?.cancel?.().catch(() => undefined);
}

/**
 * Makes a StreamError of an answer that refuses, and lets go of its body.
 *
 * @param method - what was asked
 * @param name - of the stream
 */
export function refused(method: string, name: string, response: Response): StreamError {
  const { status, headers } = response;
  dropBody(response);
  if (status === 404) return gone(name);
  if (status === 410)
    return new StreamError('gap', `The server does not keep this part of "${name}" any more`);
  return new StreamError('http', `The server of the log answered a ${method} of "${name}" with ${status}`, {
    status,
    retryable: isRetryableStatus(status),
    retryAfterMs: retryAfter(headers, Date.now()),
  });
}

/**
 * The failure of a reader whose server ends each event stream without a word.
 *
 * @param ms - for how long it has
 */
export function silent(ms: number): StreamError {
  const message = `The server of the log sent event streams without a word for ${ms} ms: see what answers at its address`;
  return new StreamError('malformed', message, { retryable: true });
}

/**
 * The failure of an answer that is none of the protocol, such as the page of a proxy, which may be gone in a moment.
 *
 * @param method - what was asked
 * @param name - of the stream
 */
export function foreign(method: string, name: string, response: Response): StreamError {
  dropBody(response);
  const type = response.headers.get('content-type') || 'no type';
  const message = `The server of the log answered a ${method} of "${name}" with ${type}, not as the protocol says: see what answers at its address`;
  return new StreamError('malformed', message, { retryable: true });
}
