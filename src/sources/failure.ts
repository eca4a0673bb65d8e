import { StreamError, streamErrorOf } from '../errors/streamError.js';

/** The codes of a broken or refused connection: of Node's sockets, undici, TLS, HTTP/2, zlib and Bun. */
const NETWORK_CODE =
  /^(?:E(?:CONN|NET|HOST|NOTFOUND|AI_|PIPE|TIMEDOUT|PROTO|RR_(?:HTTP2|NET|SSL|TLS|STREAM_P))|UND_ERR_(?!INV|NOT)|CERT_|UNABLE_|DEPTH_|SELF_|HPE_|Z_|Connection|FailedTo)/;

/** The names of errors that platforms give a request which they ended. */
const NETWORK_NAME = /^(?:Abort|Network|Timeout)Error$/;

/** How browsers and runtimes word a connection that failed; they all make it a `TypeError`. */
const NETWORK_WORDS =
  /^(?:failed to fetch|fetch failed|load failed|terminated|error in input|error sending)|network|connection/i;

/** How far a chain of causes is followed. */
const MOST_CAUSES = 5;

/**
 * Whether an error says that a connection failed, rather than that somebody's code did. There is no class for it:
 * `fetch` rejects with a `TypeError` for both.
 *
 * @param error - whatever was thrown, from any realm
 */
export function isNetworkFailure(error: unknown, depth = 0): boolean {
  if (typeof error !== 'object' || error === null || depth > MOST_CAUSES) return false;
  const { name, message, code, cause }: Partial<Record<'name' | 'message' | 'code' | 'cause', unknown>> =
    error;
  if (typeof code === 'string') return NETWORK_CODE.test(code);
  const isCaused = isNetworkFailure(cause, depth + 1);
  if (name === 'TypeError' && NETWORK_WORDS.test(message as string)) return cause === undefined || isCaused;
  return NETWORK_NAME.test(name as string) || isCaused;
}

/**
 * What a source failed with, as a StreamError.
 *
 * @param error - whatever it failed with
 * @param message - says what it means if it is a failure of the connection
 * @returns `network` for one of the connection; the error itself if it is a StreamError; otherwise `source`
 */
export function sourceFailure(error: unknown, message: string): StreamError {
  const failure = streamErrorOf(error);
  return failure.code === 'source' && failure !== error && isNetworkFailure(error)
    ? new StreamError('network', message, { cause: error })
    : failure;
}
