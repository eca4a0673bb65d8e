import { isStreamError, StreamError } from '../../errors/streamError.js';

/**
 * Makes of what `fetch` failed with a StreamError.
 *
 * @param error - what an attempt was rejected with
 */
export function failed(error: unknown): StreamError {
  if (isStreamError(error)) return error;
  return new StreamError('network', 'The connection to the server of the log failed', { cause: error });
}
