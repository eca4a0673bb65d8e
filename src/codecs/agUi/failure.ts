import type { ErrorEvent } from '../../events/event.js';
import { errorIn } from '../kit/errorIn.js';
import { isObject, type Json } from '../kit/json.js';

/** Reads a RUN_ERROR, in whatever shape: its `code` is the type of the failure, or a status. */
export function failureIn({ type: _, code, message, error, metadata, usage: __, ...rest }: Json): ErrorEvent {
  const { status, request_id }: Json = isObject(metadata) ? metadata : {};
  const isType = typeof code === 'string' && !/^\d*$/.test(code);
  const own = { message, status, ...(isType ? { type: code } : { code }) };
  return errorIn({
    request_id,
    ...rest,
    error: error || (message !== undefined || isType ? own : undefined),
    code,
  });
}

/** A failure as a RUN_ERROR. */
export function runErrorOf({ error, request_id }: ErrorEvent): Json {
  const { type: code, message, status } = error;
  const metadata = { ...(status !== undefined && { status }), ...(request_id && { request_id }) };
  return { type: 'RUN_ERROR', message, code, ...(Object.keys(metadata).length > 0 && { metadata }) };
}
