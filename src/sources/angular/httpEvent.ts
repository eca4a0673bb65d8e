import type { ResponseHead } from '../document.js';

/**
 * An event of Angular's `HttpClient`, by its shape. `type` is its `HttpEventType`.
 *
 * @see https://angular.dev/api/common/http/HttpEvent
 */
export interface HttpEventLike {
  readonly type: number;
}

/** `HttpEventType`, as far as it is of use here. */
const SENT = 0;
const RESPONSE_HEADER = 2;
const DOWNLOAD_PROGRESS = 3;
const RESPONSE = 4;

/** What is known of the answer before its body, and where it comes from. */
export interface HttpHead extends ResponseHead {
  readonly url?: string | null;
}

/** Whether a request goes out: a second time, where an interceptor sends it again. */
export function isSent({ type }: HttpEventLike): boolean {
  return type === SENT;
}

/** Whether the event tells the status and headers. */
export function isHead(event: HttpEventLike): event is HttpEventLike & HttpHead {
  return (event.type === RESPONSE_HEADER || event.type === RESPONSE) && 'headers' in event;
}

/**
 * @returns the body as far as it has come, where the event tells, else `undefined`; and whether it is all of it. A text,
 *   unless it was asked for as something else
 */
export function bodyIn(
  event: HttpEventLike & { readonly partialText?: unknown; readonly body?: unknown },
): { readonly body: unknown; readonly isWhole: boolean } | undefined {
  if (event.type === DOWNLOAD_PROGRESS) return { body: event.partialText ?? '', isWhole: false };
  if (event.type === RESPONSE) return { body: event.body ?? '', isWhole: true };
  return undefined;
}

/**
 * What `HttpClient` fails with, by its shape. Without an answer the status is 0; `error` is then the platform's own, else
 * the body of the answer.
 *
 * @see https://angular.dev/api/common/http/HttpErrorResponse
 */
export interface HttpErrorLike extends HttpHead {
  readonly name: 'HttpErrorResponse';
  readonly error?: unknown;
}

/** Whether this is what `HttpClient` fails with. */
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

/** The text of an answer that is an error; nothing where it was read as something else than text or JSON. */
export function errorText({ error }: HttpErrorLike): string {
  if (typeof error === 'string') return error;
  if (typeof error !== 'object' || error === null) return '';
  // JSON that could not be parsed comes with its text.
  if ('text' in error && typeof error.text === 'string') return error.text;
  return Object.prototype.toString.call(error) === '[object Object]' ? JSON.stringify(error) : '';
}
