import type { StreamErrorCode, TimeoutKind } from './streamErrorCode.js';

/**
 * A {@link StreamError} of one code, `StreamErrorOf<'http'>` for example. A field that does not belong to the code is
 * `undefined`.
 */
export interface StreamErrorOf<C extends StreamErrorCode> extends Error {
  readonly name: 'StreamError';
  readonly code: C;
  /** Whether the same request may succeed when it is sent again. */
  readonly retryable: boolean;
  /** The HTTP status: that of the answer for `http`, 0 where a browser hides it; for `api` and `source` the one that the cause names, if any. */
  readonly status: C extends 'http' ? number : C extends 'api' | 'source' ? number | undefined : undefined;
  /** The provider's own name for the failure, such as `overloaded_error`. */
  readonly errorType: string | undefined;
  /** The provider's id of the request, to quote to its support. */
  readonly requestId: string | undefined;
  /** How long the server asks to wait before the next try, in ms. */
  readonly retryAfterMs: number | undefined;
  /** Which clock ran out. */
  readonly kind: C extends 'timeout' ? TimeoutKind : undefined;
  /** How long that clock was allowed to run, in ms. */
  readonly timeoutMs: C extends 'timeout' ? number : undefined;
  /**
   * What could not be read: where it is longer than 200 characters, its beginning, `…`, and its end, which often has the
   * words of a failure. It may be a piece of the conversation, so no log shows it.
   */
  readonly raw: string | undefined;
  /** What had arrived before the failure: a `Message`, a text, …, as the operator that raises it gathers. No log shows it. */
  readonly partial: unknown;

  /**
   * This failure with what had arrived until then.
   *
   * @param partial - a finished, immutable value
   * @returns a new error with the same fields and stack; this one if it has a partial already
   */
  withPartial(partial: unknown): StreamError<C>;

  /** The fields without `cause`, `raw` and `partial`: safe to log. */
  toJSON(): Record<string, unknown>;
}

/**
 * The one error of this library: a union by `code`, so that a check of the code tells which fields there are.
 * `retryable` says whether trying again can help, `partial` what had arrived. It holds no header, key or request body;
 * `raw` and `partial` are left out of `JSON.stringify`, `util.inspect` and the stack, so that logging the error never
 * logs the conversation.
 */
export type StreamError<C extends StreamErrorCode = StreamErrorCode> = {
  [Code in C]: StreamErrorOf<Code>;
}[C];

type Detail = Exclude<keyof StreamErrorOf<StreamErrorCode>, keyof Error | 'code' | 'withPartial' | 'toJSON'>;

/** The details without which an error of its code says too little. */
type Needed<C extends StreamErrorCode> = C extends 'http'
  ? 'status'
  : C extends 'timeout'
    ? 'kind' | 'timeoutMs'
    : never;

/** What a {@link StreamError} carries besides its code and message: the fields of its code, and the cause. */
export type StreamErrorDetails<C extends StreamErrorCode = StreamErrorCode> = Pick<
  StreamError<C>,
  Needed<C>
> & {
  readonly [Name in Detail]?: StreamError<C>[Name] | undefined;
} & { readonly cause?: unknown };

/** The class of {@link StreamError}. */
export interface StreamErrorConstructor {
  /**
   * @param code - what happened
   * @param message - one sentence for a person; cut to 500 characters
   * @param details - the fields of the code; text of others is cut to 200 characters
   */
  new <C extends StreamErrorCode>(
    code: C,
    message: string,
    ...details: [Needed<C>] extends [never]
      ? [details?: StreamErrorDetails<C>]
      : [details: StreamErrorDetails<C>]
  ): StreamError<C>;
  readonly prototype: StreamErrorOf<StreamErrorCode>;
  /** As {@link isStreamError}. */
  [Symbol.hasInstance](value: unknown): value is StreamError;
}

/** The most characters of foreign text that an error carries in `raw`. */
export const MAX_RAW_LENGTH = 200;

/** The most characters of a message; a provider's text is cut here. */
const MAX_MESSAGE_LENGTH = 500;

const RETRYABLE: ReadonlySet<StreamErrorCode> = new Set(['network', 'timeout', 'truncated']);

/** The fields that logs show, where they are there. */
const SHOWN = ['status', 'errorType', 'requestId', 'retryAfterMs', 'kind', 'timeoutMs'] as const;

/** Registered for the whole program: every copy of the package finds the same one. */
const BRAND = /* @__PURE__ */ Symbol.for('rxjs-llm-stream.StreamError');

export const StreamError = class StreamError extends Error {
  override readonly name = 'StreamError';
  readonly code: StreamErrorCode;
  readonly retryable: boolean;
  readonly #raw: string | undefined;
  readonly #partial: unknown;

  constructor(code: StreamErrorCode, message: string, details: Partial<StreamErrorDetails> = {}) {
    const { cause, raw, partial, retryable = RETRYABLE.has(code) } = details;
    super(cut(message, MAX_MESSAGE_LENGTH), cause === undefined ? undefined : { cause });
    this.code = code;
    this.retryable = retryable;
    for (const field of SHOWN) {
      const value = details[field];
      if (value !== undefined) Reflect.set(this, field, cut(value));
    }
    // Not a member of the class: a computed name would keep the class in every page that a bundler makes.
    Object.defineProperty(this, BRAND, { value: true });
    this.#raw = ends(raw);
    this.#partial = partial;
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return this === StreamError ? isStreamError(value) : super[Symbol.hasInstance](value);
  }

  get raw(): string | undefined {
    return this.#raw;
  }

  get partial(): unknown {
    return this.#partial;
  }

  withPartial(partial: unknown): StreamError {
    const { code, message, cause, raw, stack } = this;
    const withIt = new StreamError(code, message, { ...this, cause, raw, partial });
    return this.#partial === undefined ? Object.assign(withIt, { stack }) : this;
  }

  toJSON(): Record<string, unknown> {
    const { name, code, message } = this;
    return Object.assign({ name, code, message }, this as object);
  }
} as unknown as StreamErrorConstructor;

/**
 * Whether this is a {@link StreamError}, of this copy of the package or of another: a program may load it both as an ES
 * module and as CommonJS.
 *
 * @param error - whatever came down the error channel
 */
export function isStreamError(error: unknown): error is StreamError {
  return (error as { readonly [BRAND]?: boolean } | null | undefined)?.[BRAND] === true;
}

/**
 * The failure of a stream that ended too early.
 *
 * @returns a StreamError `truncated`, retryable
 */
export function truncated(): StreamError<'truncated'> {
  return new StreamError('truncated', 'The stream ended before it said that it was finished');
}

/**
 * Whether a request answered with this status may succeed when it is sent again, unchanged.
 *
 * @param status - an HTTP status, if there is one
 * @returns true for 408, 409, 429 and everything from 500
 */
export function isRetryableStatus(status = 0): boolean {
  return status === 408 || status === 409 || status === 429 || status >= 500;
}

/**
 * Any failure as a StreamError.
 *
 * @param error - whatever came down the error channel
 * @returns the error itself if it is one; otherwise a StreamError `source` with it as the `cause`, retryable only where
 *   the `status` of the cause says so
 */
export function streamErrorOf(error: unknown): StreamError {
  if (isStreamError(error)) return error;
  const status = statusOf(error);
  const details = { cause: error, status, retryable: isRetryableStatus(status) };
  return new StreamError('source', 'The source of the stream failed: see its cause', details);
}

/**
 * Gives a failure what had arrived before it, so that it is not lost with the subscription.
 *
 * @param error - whatever came down the error channel
 * @param partial - a finished, immutable value; `undefined` where nothing had arrived
 * @returns the failure as {@link streamErrorOf} has it, with the partial
 */
export function withPartial(error: unknown, partial: unknown): StreamError {
  return streamErrorOf(error).withPartial(partial);
}

/** The HTTP status that an object names as its `status`. */
export function statusOf(value: unknown): number | undefined {
  const status = (value as { readonly status?: unknown } | null | undefined)?.status;
  return typeof status === 'number' ? status : undefined;
}

/** Of a text the first `length` characters, never ending in half a surrogate pair, with `…` where something was cut. */
export function cut<T>(value: T, length = MAX_RAW_LENGTH): T | string {
  if (typeof value !== 'string' || value.length <= length) return value;
  return `${value.slice(0, length - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** Of a long text its beginning and its end. The end begins with a whole word: a piece of a key could not be told from one. */
function ends(text: string | undefined): string | undefined {
  if (text === undefined || text.length <= MAX_RAW_LENGTH) return text;
  const end = text.slice(-MAX_RAW_LENGTH / 2).replace(/^[^\s"',]+/, '');
  return cut(text, MAX_RAW_LENGTH - end.length) + end;
}
