import { isStreamError, StreamError, type StreamErrorDetails } from '../errors/streamError.js';
import type { ErrorEvent } from '../events/event.js';
import type { Masking } from './chunk.js';
import { plain } from './spelling.js';

/** How many characters of a secret are enough to recognise it where a text was cut. */
const SHORTEST_PIECE = 4;

/** The longest text that this library cuts: a message. */
const LONGEST_CUT = 500;

/** An error event says no more than this, so that to mask one takes no time worth mentioning. */
const MOST_SAID = 64 * 1024;

/**
 * Where a key may stand although nobody said so: behind the prefixes that vendors give keys, as a JWT, behind the schemes
 * of `authorization`, behind names such as `api_key=`. The first group is what stands before it.
 */
const KEYS: readonly RegExp[] = [
  /()\b(?:(?:[sprx]k|[gx]sk|xai|hf|gh[oprsu]|github_pat|glpat|xox[a-z]|pplx|nvapi|r8|tgp)[-_]|A[KS]IA|AIza|ya29\.|eyJ)[\w.-]{8,}/g,
  /(\b(?:bearer|basic)\s{1,9})[\w.~+/=-]{8,}/gi,
  /(\b(?:(?:api|access)[-_ ]?)?(?:key|token|secret|password|authorization|signature|sig|session|sid)["']?\s{0,9}[:=]\s{0,9}["']?)[^\s"'&,;<>…]{8,}/gi,
];

/** A word is no key: a key has a digit, or capitals behind small letters. */
const KEYLIKE = /\d|[a-z][A-Z]|[A-Z]{6}/;

/** What is masked whatever it looks like: a name and password in an address, and the beginning of a key that was cut. */
const ALWAYS: readonly RegExp[] = [
  /(\/\/)[^\s/@]{1,100}:[^\s/@]{1,100}(?=@)/g,
  /(\b(?:bearer\s|basic\s|sk-|gsk_|xai-|hf_|AIza|eyJ))[\w.~+/=-]{1,500}(?=…)/gi,
];

/**
 * Puts `***` in place of each credential, in errors and in `error` events: those of the request that it knows, however they
 * are spelled, and what looks like one. It belongs to one request.
 */
export class Masker implements Masking {
  #secrets: readonly string[] = [];

  /** Takes credentials of the request or of its response, as they are meant. */
  know(secrets: readonly string[]): this {
    this.#secrets = [...this.#secrets, ...secrets];
    return this;
  }

  /** Copies an `error` event with all its texts masked. */
  event(event: ErrorEvent): ErrorEvent {
    return this.#value(event) as ErrorEvent;
  }

  /** Copies a StreamError with its texts and those of its causes masked. One that shows nothing passes; so does any other error. */
  error(error: unknown): unknown {
    if (!isStreamError(error)) return error;
    const { code, cause, raw, partial } = error;
    const shown = error.toJSON() as { readonly message: string };
    const masked = this.#value({ ...shown, raw }) as typeof shown & StreamErrorDetails;
    const cleanCause = code === 'aborted' ? cause : this.#cause(cause);
    if (cleanCause === cause && JSON.stringify(masked) === JSON.stringify({ ...shown, raw })) return error;
    return new StreamError(code, masked.message, { ...masked, cause: cleanCause, partial });
  }

  #value(value: unknown): unknown {
    if (typeof value === 'string') return this.#text(value.slice(0, MOST_SAID));
    if (Array.isArray(value)) return value.map((item) => this.#value(item));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [this.#text(name), this.#value(member)]),
    );
  }

  #text(spelled: string): string {
    const { text, at } = plain(spelled);
    const found = [
      ...this.#known(text),
      ...KEYS.flatMap((pattern) => matches(text, pattern, KEYLIKE)),
      ...ALWAYS.flatMap((pattern) => matches(text, pattern, /^/)),
    ].sort(([a], [b]) => a - b);
    let shown = '';
    let end = 0;
    for (const [from, to] of found) {
      if (from >= end) shown += `${spelled.slice(at(end), at(from))}***`;
      end = Math.max(end, to);
    }
    return shown + spelled.slice(at(end));
  }

  #known(text: string): readonly Range[] {
    const found: Range[] = [];
    for (const secret of this.#secrets) {
      for (let at = text.indexOf(secret); at !== -1; at = text.indexOf(secret, at + 1))
        found.push([at, at + secret.length]);
      // Longer texts were not cut by us.
      if (text.length > LONGEST_CUT) continue;
      for (let cut = text.indexOf('…'); cut !== -1; cut = text.indexOf('…', cut + 1)) {
        for (let length = secret.length - 1; length >= SHORTEST_PIECE; length--) {
          if (text.endsWith(secret.slice(0, length), cut)) found.push([cut - length, cut]);
          if (text.startsWith(secret.slice(-length), cut + 1)) found.push([cut + 1, cut + 1 + length]);
        }
      }
    }
    return found;
  }

  /**
   * Reduces an error to its name, message, code, status and cause, unless it is plain and shows nothing: the error of a
   * `fetch` may hold the request in a field of its own, or a header in its message.
   */
  #cause(error: unknown, depth = 0): unknown {
    if (!isError(error) || depth > 3) return undefined;
    const { name, message, cause } = error;
    const inner = this.#cause(cause, depth + 1);
    const fields = Reflect.ownKeys(error).filter((key) => key !== 'cause');
    const isPlain = fields.every((key) => {
      const value: unknown = Reflect.get(error, key);
      return typeof value === 'string'
        ? this.#text(value) === value
        : typeof value !== 'object' || value === null;
    });
    if (inner === cause && isPlain) return error;
    const copy = new Error(this.#text(message), inner === undefined ? undefined : { cause: inner });
    const { code, status } = error as { readonly code?: unknown; readonly status?: unknown };
    return Object.assign(
      copy,
      { name, stack: `${name}: ${copy.message}` },
      typeof code === 'string' ? { code: this.#text(code) } : undefined,
      typeof status === 'number' ? { status } : undefined,
    );
  }
}

type Range = readonly [from: number, to: number];

function matches(text: string, pattern: RegExp, like: RegExp): readonly Range[] {
  return Array.from(text.matchAll(pattern), ({ index, 0: all, 1: before = '' }): Range => {
    const from = index + before.length;
    return [from, like.test(all.slice(before.length)) ? index + all.length : from];
  }).filter(([from, to]) => to > from);
}

/** Recognises an error by its shape: a `fetch` from another realm (a frame, a test runner) fails with errors of that realm. */
function isError(value: unknown): value is Error {
  return typeof (value as { readonly message?: unknown } | null | undefined)?.message === 'string';
}
