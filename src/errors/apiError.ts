import type { ErrorEvent } from '../events/event.js';
import { isRetryableStatus, statusOf, StreamError } from './streamError.js';

/**
 * The HTTP status that each error type stands for when it comes before the stream: those of the Messages API, and
 * OpenAI's names for two of them. The first of a status is the one that it is given.
 *
 * @see https://docs.claude.com/en/api/errors
 * @see https://platform.openai.com/docs/guides/error-codes
 */
const STATUS: ReadonlyMap<string, number> = /* @__PURE__ */ new Map(
  /* @__PURE__ */ Object.entries({
    invalid_request_error: 400,
    authentication_error: 401,
    billing_error: 402,
    permission_error: 403,
    not_found_error: 404,
    conflict_error: 409,
    request_too_large: 413,
    rate_limit_error: 429,
    rate_limit_exceeded: 429,
    api_error: 500,
    server_error: 500,
    timeout_error: 504,
    overloaded_error: 529,
  }),
);

/** The HTTP status that an error type stands for, if it is one of those that are known. */
export function statusOfType(type: string | undefined): number | undefined {
  return STATUS.get(type ?? '');
}

/** The error type that stands for an HTTP status, if there is one. */
export function typeOfStatus(status: number): string | undefined {
  return [...STATUS].find(([, known]) => known === status)?.[0];
}

/**
 * An `error` event as an error that can be thrown.
 *
 * @param event - what the provider said of its failure
 * @returns a StreamError `api` with the provider's `errorType` and `requestId`; the `status` that the error names, else the
 *   one that its type stands for; and `retryable` as the error says, else by the status
 */
export function apiError({ error, request_id }: ErrorEvent): StreamError<'api'> {
  const status = statusOf(error) ?? STATUS.get(error.type);
  return new StreamError('api', `${error.type}: ${error.message}`, {
    errorType: error.type,
    status,
    requestId: request_id ?? undefined,
    retryable: error.retryable ?? isRetryableStatus(status),
  });
}
