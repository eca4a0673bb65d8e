import type { ErrorEvent } from '../events/event.js';
import { StreamError } from './streamError.js';

/**
 * The HTTP status that each error type stands for when it comes before the stream.
 *
 * @see https://docs.claude.com/en/api/errors
 */
const STATUS: ReadonlyMap<string, number> = new Map([
  ['invalid_request_error', 400],
  ['authentication_error', 401],
  ['billing_error', 402],
  ['permission_error', 403],
  ['not_found_error', 404],
  ['conflict_error', 409],
  ['request_too_large', 413],
  ['rate_limit_error', 429],
  ['api_error', 500],
  ['timeout_error', 504],
  ['overloaded_error', 529],
]);

/**
 * Whether a request answered with this status may succeed when it is sent again, unchanged.
 *
 * @param status - an HTTP status
 * @returns true for 408, 409, 429 and everything from 500
 */
export function isRetryableStatus(status: number): boolean {
  return status === 408 || status === 409 || status === 429 || status >= 500;
}

/**
 * An `error` event as the error it is.
 *
 * @param event - the provider's word that it failed
 * @returns a StreamError `api` with the provider's `errorType`, the `status` it stands for and the `requestId`
 */
export function apiError({ error, request_id }: ErrorEvent): StreamError {
  const status = STATUS.get(error.type) ?? statusIn(error.details);
  return new StreamError('api', `${error.type}: ${error.message}`, {
    errorType: error.type,
    status,
    requestId: request_id ?? undefined,
    retryable: status !== undefined && isRetryableStatus(status),
  });
}

/** The status among what a provider adds, a gateway say that knows how its own upstream answered. */
function statusIn(details: unknown): number | undefined {
  const status: unknown =
    typeof details === 'object' && details !== null ? Reflect.get(details, 'status') : undefined;
  return typeof status === 'number' ? status : undefined;
}
