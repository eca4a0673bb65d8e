import { statusOfType } from '../../errors/apiError.js';
import type { ErrorEvent } from '../../events/event.js';
import { errorIn } from '../kit/errorIn.js';
import { isObject, type Json } from '../kit/json.js';

/** The status of a failure that has none: readers ask for one. */
const INTERNAL = 500;
const REQUEST_INFO = 'type.googleapis.com/google.rpc.RequestInfo';

/**
 * Reads a failure. Its type is Google's name of the status; a code that says no more than a type of another provider is
 * left out.
 */
export function failureIn(value: Json): ErrorEvent {
  const event = errorIn(value);
  const { error } = value;
  const { status: name, details }: Json = isObject(error) ? error : {};
  const { status, ...rest } = event.error;
  const isMade = typeof name === 'string' && !/^[A-Z_]+$/.test(name) && status === codeOf(name);
  const listed: readonly unknown[] = Array.isArray(details) ? details : [];
  const id = listed.filter(isObject).find((detail) => detail['@type'] === REQUEST_INFO)?.['requestId'];
  return {
    ...event,
    error: isMade ? rest : event.error,
    ...(typeof id === 'string' && { request_id: id }),
  };
}

/** Writes a failure, in the shape of Google's APIs. */
export function failureOf({ error, request_id }: ErrorEvent): object {
  const { type, message, status } = error;
  const details =
    typeof request_id === 'string' ? [{ '@type': REQUEST_INFO, requestId: request_id }] : undefined;
  return { error: { code: status ?? codeOf(type), message, status: type, details } };
}

function codeOf(type: string): number {
  return statusOfType(type) ?? INTERNAL;
}
