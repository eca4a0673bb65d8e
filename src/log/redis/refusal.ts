import { isStreamError, StreamError } from '../../errors/streamError.js';

/** Answers of Redis that a later one may differ from: it starts, or hands over. */
const PASSING = /^(?:BUSY|CLUSTERDOWN|LOADING|MASTERDOWN|NOREPLICAS|READONLY|TRYAGAIN) /;

/** An id that is not greater than the last. */
const NOT_GREATER = /equal or smaller than the target stream top item/;

/** What Redis answered where it refused; `undefined` for a failure of the connection, which says nothing of the command. */
function refusalOf(error: unknown): string | undefined {
  const message = error instanceof Error ? error.message : '';
  return /^[A-Z][A-Z0-9]* /.test(message) ? message : undefined;
}

/** Whether Redis may answer otherwise when it is asked again. */
export function passes(error: unknown): boolean {
  const refusal = refusalOf(error);
  return !isStreamError(error) && (refusal === undefined || PASSING.test(refusal));
}

/** Whether Redis refused an entry because a greater one, or the same, stands. */
export function isNotGreater(error: unknown): boolean {
  return NOT_GREATER.test(refusalOf(error) ?? '');
}

/**
 * Makes of what a client failed with a StreamError: `source` for what Redis refused, and else `network`.
 *
 * @param error - what the client was rejected with
 */
export function failureOf(error: unknown): StreamError {
  if (isStreamError(error)) return error;
  const [word] = refusalOf(error)?.split(' ') ?? [];
  if (word === undefined)
    return new StreamError('network', 'The connection to Redis failed', { cause: error });
  // The rest of what it says may repeat what was to be written.
  return new StreamError('source', `Redis refused with ${word}`, { cause: error, retryable: passes(error) });
}
