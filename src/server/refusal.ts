import { typeOfStatus } from '../errors/apiError.js';
import { publicError } from '../errors/publicError.js';
import type { StreamError } from '../errors/streamError.js';
import type { ErrorEvent } from '../events/event.js';
import { isOfLog } from './ofLog.js';

/** nginx's own status for a client that went away. Nobody reads it but a log. */
export const CLIENT_LEFT = 499;

const HEADERS = { 'content-type': 'application/json', 'cache-control': 'no-store' } as const;

/** What is answered where an error names no status of its own; 502 where it is not here. */
const STATUS: Readonly<Record<string, number>> = { timeout: 504, source: 500, aborted: CLIENT_LEFT };

/**
 * The status that stands for a failure: the provider's own, where that is one of failure. What a log of runs refuses is the
 * server's fault, since a client would take a 401 for one of its own login: 503 where asking again may help, else 500.
 */
export function statusFor(error: StreamError): number {
  const { code, status = 0, retryable } = error;
  if (!(status >= 400 && status < 600)) return STATUS[code] ?? 502;
  // That something is not there is as true for the client.
  if (status >= 500 || status === 404 || status === 410 || !isOfLog(error)) return status;
  return retryable ? 503 : 500;
}

/**
 * What a client is told of a failure, as an event: a type by its status, and the sentence of `publicError`.
 *
 * @param error - why the answer failed
 * @param status - the status that stands for it
 * @returns an event that says nothing in anybody else's words
 */
export function failureEvent(error: StreamError, status: number): ErrorEvent {
  const { message, retryable } = publicError(error);
  const type = typeOfStatus(status) ?? 'api_error';
  return { type: 'error', error: { type, message, retryable } };
}

/**
 * Says by its status that there is no answer.
 *
 * @param error - why
 * @param status - the status, from 400 to 599
 * @returns a response with the event of the failure as JSON, and `retry-after` in seconds where the error names a wait
 * @throws RangeError for another status: it would say that there is an answer
 */
export function refusal(error: StreamError, status: number): Response {
  if (!(status >= 400 && status < 600))
    throw new RangeError(`A status of ${status} is not one of failure; give one from 400 to 599`);
  const { retryAfterMs = NaN } = error;
  const headers = new Headers(HEADERS);
  const seconds = Math.max(0, Math.ceil(retryAfterMs / 1000));
  // Anything else has no place in the header, or is written there as what it does not know.
  if (Number.isSafeInteger(seconds)) headers.set('retry-after', String(seconds));
  return new Response(JSON.stringify(failureEvent(error, status)), { status, headers });
}

/**
 * Says by its status why a request is not answered.
 *
 * @param status - the status, from 400 to 599
 * @param message - a sentence for whoever wrote the client
 * @returns a response with an event of the failure as JSON
 */
export function unanswered(status: number, message: string): Response {
  const event: ErrorEvent = { type: 'error', error: { type: typeOfStatus(status) ?? 'api_error', message } };
  return new Response(JSON.stringify(event), { status, headers: HEADERS });
}
