/**
 * What went wrong, in one word:
 *
 * | code | means |
 * | --- | --- |
 * | `http` | the server answered with a status outside 200 to 299 |
 * | `network` | the connection failed, or broke while the body was read |
 * | `timeout` | the first content, the next event or the end did not come in the time allowed |
 * | `not-a-stream` | a 200, but HTML, a JSON document or nothing instead of a stream |
 * | `malformed` | a frame that is no JSON, or a known event of the wrong shape |
 * | `protocol` | events that contradict each other: order, index, two messages mixed |
 * | `api` | the provider's own `error` event, sent inside the stream |
 * | `truncated` | the stream ended before it said that it was finished |
 * | `limit` | more than a configured limit allows |
 * | `tool-input` | the input of a tool is not what its schema asks for |
 * | `aborted` | the caller's own `AbortSignal` ended the request |
 */
export type StreamErrorCode =
  | 'http'
  | 'network'
  | 'timeout'
  | 'not-a-stream'
  | 'malformed'
  | 'protocol'
  | 'api'
  | 'truncated'
  | 'limit'
  | 'tool-input'
  | 'aborted';

/** Which clock ran out: the wait for the first content, the gap between two events, or the whole stream. */
export type TimeoutKind = 'firstToken' | 'idle' | 'total';

/** What a {@link StreamError} may carry beside its code and message; each field only where its code has it. */
export interface StreamErrorDetails {
  /** The error this one stands for. Never a request, a header or a body. */
  readonly cause?: unknown;
  /** Whether the same request may succeed when it is sent again. Default: what the code says. */
  readonly retryable?: boolean | undefined;
  /** The HTTP status, for `http`, and the status an `api` error stands for where the provider names one. */
  readonly status?: number | undefined;
  /** The provider's own name for the failure, such as `overloaded_error`. */
  readonly errorType?: string | undefined;
  /** The provider's id of the request, to quote to its support. */
  readonly requestId?: string | undefined;
  /** How long the server asks to wait before the next try, in ms. */
  readonly retryAfterMs?: number | undefined;
  /** Which clock ran out, for `timeout`. */
  readonly kind?: TimeoutKind | undefined;
  /** How long that clock was allowed to run, in ms. */
  readonly timeoutMs?: number | undefined;
  /** The first 200 characters of what could not be read. */
  readonly raw?: string | undefined;
  /** What had arrived before the failure: a `Message`, a text, …, as the operator that raises it gathers. */
  readonly partial?: unknown;
}

/** The most characters of foreign text that an error carries in `raw`. */
export const MAX_RAW_LENGTH = 200;

/** The most characters of a message; a provider's text is cut here. */
const MAX_MESSAGE_LENGTH = 500;

const RETRYABLE: ReadonlySet<StreamErrorCode> = new Set(['network', 'timeout', 'truncated']);

/**
 * The one error of this library. `code` says what happened, `retryable` whether trying again can help, and
 * `partial` what had arrived. It holds no header, key or request body; `partial` is left out of `JSON.stringify`,
 * `util.inspect` and the stack, so that logging the error never logs the conversation.
 */
export class StreamError extends Error {
  override readonly name = 'StreamError';
  readonly code: StreamErrorCode;
  readonly retryable: boolean;
  declare readonly status?: number;
  declare readonly errorType?: string;
  declare readonly requestId?: string;
  declare readonly retryAfterMs?: number;
  declare readonly kind?: TimeoutKind;
  declare readonly timeoutMs?: number;
  declare readonly raw?: string;
  readonly #partial: unknown;

  /**
   * @param code - what happened
   * @param message - one sentence for a person; cut to 500 characters
   * @param details - the fields this code has
   */
  constructor(code: StreamErrorCode, message: string, details: StreamErrorDetails = {}) {
    super(
      cut(message, MAX_MESSAGE_LENGTH),
      details.cause === undefined ? undefined : { cause: details.cause },
    );
    this.code = code;
    this.retryable = details.retryable ?? RETRYABLE.has(code);
    if (details.status !== undefined) this.status = details.status;
    if (details.errorType !== undefined) this.errorType = cut(details.errorType, MAX_RAW_LENGTH);
    if (details.requestId !== undefined) this.requestId = cut(details.requestId, MAX_RAW_LENGTH);
    if (details.retryAfterMs !== undefined) this.retryAfterMs = details.retryAfterMs;
    if (details.kind !== undefined) this.kind = details.kind;
    if (details.timeoutMs !== undefined) this.timeoutMs = details.timeoutMs;
    if (details.raw !== undefined) this.raw = cut(details.raw, MAX_RAW_LENGTH);
    this.#partial = details.partial;
  }

  /** What had arrived before the failure, or `undefined`. */
  get partial(): unknown {
    return this.#partial;
  }

  /**
   * This failure with what had arrived until then.
   *
   * @param partial - a finished, immutable value
   * @returns a new error with the same fields and stack; this one if it has a partial already
   */
  withPartial(partial: unknown): StreamError {
    if (this.#partial !== undefined) return this;
    const { cause, retryable, status, errorType, requestId, retryAfterMs, kind, timeoutMs, raw } = this;
    const copy = new StreamError(this.code, this.message, {
      cause,
      retryable,
      status,
      errorType,
      requestId,
      retryAfterMs,
      kind,
      timeoutMs,
      raw,
      partial,
    });
    if (this.stack !== undefined) copy.stack = this.stack;
    return copy;
  }

  /** The fields without `cause` and `partial`: safe to log. */
  toJSON(): Record<string, unknown> {
    const {
      name,
      code,
      message,
      retryable,
      status,
      errorType,
      requestId,
      retryAfterMs,
      kind,
      timeoutMs,
      raw,
    } = this;
    return {
      name,
      code,
      message,
      retryable,
      status,
      errorType,
      requestId,
      retryAfterMs,
      kind,
      timeoutMs,
      raw,
    };
  }
}

/**
 * The failure of a stream that ended too early.
 *
 * @returns a StreamError `truncated`, retryable
 */
export function truncated(): StreamError {
  return new StreamError('truncated', 'The stream ended before it said that it was finished');
}

/**
 * Gives a failure what had arrived before it, so that it is not lost with the subscription.
 *
 * @param error - whatever came down the error channel
 * @param partial - a finished, immutable value; `undefined` where nothing had arrived
 * @returns a StreamError with the partial; an error of another class becomes the `cause` of a `network` one
 */
export function withPartial(error: unknown, partial: unknown): StreamError {
  if (error instanceof StreamError) return error.withPartial(partial);
  return new StreamError('network', 'The source of the stream failed', { cause: error, partial });
}

/** The first `length` characters, never ending in half a surrogate pair, with `…` where something was cut. */
function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const end = isHighSurrogate(text.charCodeAt(length - 2)) ? length - 2 : length - 1;
  return `${text.slice(0, end)}…`;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
