import { statusOfType } from '../../errors/apiError.js';
import { reportOf } from '../../errors/report.js';
import { isRetryableStatus } from '../../errors/streamError.js';
import type { ErrorEvent } from '../../events/event.js';
import { isObject, type Json } from './json.js';

const NO_MESSAGE = 'The server sent an error without a message';

/**
 * Reads a failure as an `error` event, however it is spelled: losing one would make it look like success.
 *
 * @param body - the value of a frame, or its text where that is not JSON
 * @returns the event: of the type `api_error` where the server names none, with a `status` where the server names one,
 *   and with `retryable` where that is not what the status or the type means
 */
export function errorIn(body: unknown): ErrorEvent {
  const report = reportOf(body);
  const { error, request_id, message: said }: Json = isObject(body) ? body : {};
  const inner = isObject(error) ? error : {};
  const { message = (inner['message'] ?? said) === '' ? '' : NO_MESSAGE, status, retryable } = report;
  const type = textOr(inner['type'], report.errorType ?? 'api_error');
  const isUsual = retryable === undefined || retryable === isRetryableStatus(status ?? statusOfType(type));
  const id = report.requestId ?? (request_id === null || request_id === '' ? request_id : undefined);
  return {
    type: 'error',
    error: {
      type,
      message: textOr(inner['message'], message),
      ...(status !== undefined && { status }),
      ...(!isUsual && { retryable }),
    },
    ...(id !== undefined && { request_id: id }),
  };
}

/** As {@link errorIn}, with whatever else stands in the failure, as it came. */
export function wholeErrorIn(body: unknown): ErrorEvent {
  const { request_id: _id, ...outer }: Json = isObject(body) ? body : {};
  const { status: _status, retryable: _retryable, ...inner } = isObject(outer['error']) ? outer['error'] : {};
  const event = errorIn(body);
  return { ...outer, ...event, error: { ...inner, ...event.error } };
}

function textOr(value: unknown, other: string): string {
  return typeof value === 'string' && value !== '' ? value : other;
}

/**
 * Whether an event of a type that nobody knows, or of none, says that something failed.
 *
 * @param value - the event
 * @param name - the name that its frame gives it; `message` is the one of frames that have none
 */
export function isFailure(value: Json, name = 'message'): boolean {
  const { type, error, object } = value;
  if (name === 'error' || type === 'error' || object === 'error' || Boolean(error)) return true;
  // Most unknown events end here, for a fraction of what a report costs.
  const isTyped = typeof type === 'string';
  if (isTyped ? !/(error|exception)$/i.test(type) : name !== 'message') return false;
  const { message, status } = reportOf(value);
  return (
    message !== undefined &&
    (isTyped || Boolean(status ?? value['detail'] ?? value['errors'] ?? value['success'] === false))
  );
}
