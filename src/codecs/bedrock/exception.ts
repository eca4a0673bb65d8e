import { statusOfType } from '../../errors/apiError.js';
import { isRetryableStatus } from '../../errors/streamError.js';
import type { ErrorEvent } from '../../events/event.js';
import type { Frame } from '../../wire/frame.js';
import { isObject, parsed, type Json } from '../kit/json.js';

/**
 * What each exception would be as an HTTP status, had it come before the stream.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html
 */
const STATUS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    internalServerException: 500,
    modelTimeoutException: 408,
    serviceUnavailableException: 503,
    throttlingException: 429,
    validationException: 400,
  }),
);

/** It says that the request may be sent again, and its status, 424, does not. */
const BROKEN_STREAM = 'modelStreamErrorException';

/** Whether a frame of this type is an exception. */
export function isException(type: string | undefined): type is string {
  return type?.endsWith('Exception') === true;
}

/**
 * What an exception says, with its name as the type, unless it names another as {@link exceptionOf} writes it. It need not
 * hold JSON.
 */
export function exceptionIn(type: string, { data }: Pick<Frame, 'data'>): Json {
  let said: unknown;
  try {
    said = parsed(data);
  } catch {
    said = data;
  }
  const body = isObject(said) ? said : { message: typeof said === 'string' ? said : '' };
  if (body['type']) return body;
  return {
    ...body,
    type,
    ...(type === BROKEN_STREAM ? { retryable: true } : { status: body['status'] ?? STATUS.get(type) }),
  };
}

/**
 * The exception that comes nearest to an error: itself where it is one. What the service has no words for stands in members
 * that are of this library: `type`, `status`, `retryable`, `request_id`.
 */
export function exceptionOf({ error, request_id }: ErrorEvent): {
  readonly name: string;
  readonly body: object;
} {
  const { type, message, status, retryable } = error;
  const name = nameOf(error);
  const isOwn = name === type;
  return {
    name,
    body: { message, ...(!isOwn && { type, status, retryable }), request_id: request_id ?? undefined },
  };
}

function nameOf({
  type,
  status = statusOfType(type),
  retryable = isRetryableStatus(status),
}: ErrorEvent['error']): string {
  if (/^[A-Za-z]+Exception$/.test(type)) return type;
  if (status === 429) return 'throttlingException';
  if (status === undefined || status === 500) return 'internalServerException';
  return retryable ? 'serviceUnavailableException' : 'validationException';
}
