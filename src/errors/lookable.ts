import { StreamError, streamErrorOf } from './streamError.js';

/** What was thrown; where that cannot be looked at, as anything may be thrown, a StreamError `source` with it as the `cause`. */
export function lookable(error: unknown): unknown {
  try {
    streamErrorOf(error);
    String(error instanceof Error ? error.message : error);
    return error;
  } catch {
    return new StreamError('source', 'The source of the stream failed: see its cause', { cause: error });
  }
}
