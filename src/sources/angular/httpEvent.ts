import type { ResponseHead } from '../document.js';

/**
 * An event of Angular's `HttpClient`, by its shape. `type` is its `HttpEventType`.
 *
 * @see https://angular.dev/api/common/http/HttpEvent
 */
export interface HttpEventLike {
  readonly type: number;
}

/** The values of `HttpEventType` that matter here. */
const SENT = 0;
const RESPONSE_HEADER = 2;
const DOWNLOAD_PROGRESS = 3;
const RESPONSE = 4;

/** What is known of the response before its body arrives, and the address it comes from. */
export interface HttpHead extends ResponseHead {
  readonly url?: string | null;
}

/** Whether a request goes out: for the second time, if an interceptor sends it again. */
export function isSent({ type }: HttpEventLike): boolean {
  return type === SENT;
}

/** Whether the event has the status and headers. */
export function isHead(event: HttpEventLike): event is HttpEventLike & HttpHead {
  return (event.type === RESPONSE_HEADER || event.type === RESPONSE) && 'headers' in event;
}

/**
 * @returns the body as far as it has arrived, a text unless something else was requested, and whether it is whole;
 *   `undefined` for an event without a body
 */
export function bodyIn(
  event: HttpEventLike & { readonly partialText?: unknown; readonly body?: unknown },
): { readonly body: unknown; readonly isWhole: boolean } | undefined {
  if (event.type === DOWNLOAD_PROGRESS) return { body: event.partialText ?? '', isWhole: false };
  if (event.type === RESPONSE) return { body: event.body ?? '', isWhole: true };
  return undefined;
}

/**
 * The error of `HttpClient`, by its shape. Without a response the status is 0 and `error` is the platform's own error;
 * otherwise `error` is the body of the response.
 *
 * @see https://angular.dev/api/common/http/HttpErrorResponse
 */
export interface HttpErrorLike extends HttpHead {
  readonly name: 'HttpErrorResponse';
  readonly error?: unknown;
}

/** Whether this is the error of `HttpClient`. */
export function isHttpError(error: unknown): error is HttpErrorLike {
  return (
    typeof error === 'object' &&
    error !== null &&
    'name' in error &&
    error.name === 'HttpErrorResponse' &&
    'status' in error &&
    typeof error.status === 'number'
  );
}

/** The body of an error response as text; empty if it was read as something other than text or JSON. */
export function errorText({ error }: HttpErrorLike): string {
  if (typeof error === 'string') return error;
  if (typeof error !== 'object' || error === null) return '';
  // If the JSON could not be parsed, its text is there.
  if ('text' in error && typeof error.text === 'string') return error.text;
  return Object.prototype.toString.call(error) === '[object Object]' ? JSON.stringify(error) : '';
}
