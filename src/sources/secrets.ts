import { isStreamError, StreamError, type StreamErrorDetails } from '../errors/streamError.js';

/** Headers that say nothing about who sends the request. The values of all others are treated as secrets. */
const OPEN_HEADERS: ReadonlySet<string> = new Set([
  'accept',
  'accept-language',
  'anthropic-beta',
  'anthropic-version',
  'content-type',
  'user-agent',
]);

/** A value shorter than this is not a key, and masking it would mangle ordinary words. */
const SHORTEST_SECRET = 8;

/** How many characters of a secret are enough to recognise it at the end of a text that was cut short. */
const SHORTEST_BEGINNING = 4;

/**
 * Collects what no error may show of a request: the values of its headers, with and without their scheme (`Bearer …`),
 * each cookie, and the credentials and query of its address, encoded and decoded.
 */
export function secretsOf(headers: Headers, url: string): readonly string[] {
  const secrets: string[] = [];
  headers.forEach((value, name) => {
    if (OPEN_HEADERS.has(name)) return;
    secrets.push(value, value.slice(value.indexOf(' ') + 1));
    if (name === 'cookie') secrets.push(...value.split(/; */).map(valueOf));
  });
  const [, userinfo = ''] = /^[a-z]+:\/\/([^/?#]*)@/i.exec(url) ?? [];
  const [, query = ''] = /\?([^#]*)/.exec(url) ?? [];
  secrets.push(userinfo, ...userinfo.split(':'));
  secrets.push(query, ...query.split('&').map(valueOf), ...new URLSearchParams(query).values());
  return secrets.filter((secret) => secret.length >= SHORTEST_SECRET).sort((a, b) => b.length - a.length);
}

function valueOf(pair: string): string {
  return pair.slice(pair.indexOf('=') + 1);
}

/** Copies a StreamError with `***` in place of each secret, in its causes too. Any other error passes. */
export function withoutSecrets(error: unknown, secrets: readonly string[]): unknown {
  if (!isStreamError(error)) return error;
  const { code, message, cause, raw, partial } = error;
  return new StreamError(code, masked(message, secrets), {
    ...(mapped(error.toJSON(), secrets) as StreamErrorDetails),
    cause: code === 'aborted' ? cause : summary(cause, secrets),
    raw: raw === undefined ? undefined : masked(raw, secrets),
    partial,
  });
}

function mapped(fields: Record<string, unknown>, secrets: readonly string[]): Record<string, unknown> {
  const entries = Object.entries(fields);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === 'string' ? masked(value, secrets) : value]),
  );
}

function masked(text: string, secrets: readonly string[]): string {
  return secrets.reduce((shown, secret) => withoutBeginning(shown.replaceAll(secret, '***'), secret), text);
}

/** Masks the beginning of a secret at the end of a text that was cut short. */
function withoutBeginning(text: string, secret: string): string {
  if (!text.endsWith('…')) return text;
  for (let length = secret.length - 1; length >= SHORTEST_BEGINNING; length--) {
    if (text.endsWith(`${secret.slice(0, length)}…`)) return `${text.slice(0, -length - 1)}***…`;
  }
  return text;
}

/**
 * Reduces an error to its name, message, code and cause. The error of a `fetch` may hold the request in a field of its
 * own, or a header in its message.
 */
function summary(error: unknown, secrets: readonly string[], depth = 0): unknown {
  if (!isError(error) || depth > 3) return undefined;
  const { name, message, cause } = error;
  const inner = summary(cause, secrets, depth + 1);
  const copy = new Error(masked(message, secrets), inner === undefined ? undefined : { cause: inner });
  const code: unknown = Reflect.get(error, 'code');
  return Object.assign(
    copy,
    { name, stack: `${name}: ${copy.message}` },
    typeof code === 'string' ? { code } : undefined,
  );
}

/** Recognises an error by its shape: a `fetch` from another realm (a frame, a test runner) fails with errors of that realm. */
function isError(value: unknown): value is Error {
  return (
    typeof value === 'object' && value !== null && 'message' in value && typeof value.message === 'string'
  );
}
