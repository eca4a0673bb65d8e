import { StreamError } from '../errors.js';

/** Headers that say nothing about who asks. The values of all others are taken for secrets. */
const OPEN_HEADERS: ReadonlySet<string> = new Set([
  'accept',
  'accept-language',
  'anthropic-beta',
  'anthropic-version',
  'content-type',
  'user-agent',
]);

/** Shorter than this, a value is no key, and masking it would mangle ordinary words. */
const SHORTEST_SECRET = 8;

/**
 * What a request must not show in an error: the values of its headers, with and without their scheme (`Bearer …`),
 * and the credentials and query of its address.
 */
export function secretsOf(headers: Headers, url: string): readonly string[] {
  const secrets: string[] = [];
  headers.forEach((value, name) => {
    if (!OPEN_HEADERS.has(name)) secrets.push(value, value.slice(value.indexOf(' ') + 1));
  });
  const [, userinfo = ''] = /^[a-z]+:\/\/([^/?#]*)@/i.exec(url) ?? [];
  const [, query = ''] = /\?([^#]*)/.exec(url) ?? [];
  secrets.push(
    ...userinfo.split(':'),
    query,
    ...query.split('&').map((pair) => pair.slice(pair.indexOf('=') + 1)),
  );
  return secrets.filter((secret) => secret.length >= SHORTEST_SECRET).sort((a, b) => b.length - a.length);
}

/** An error of a source as it may be shown: with `***` where it repeats a secret, in its causes too. */
export function withoutSecrets(error: unknown, secrets: readonly string[]): unknown {
  if (!(error instanceof StreamError)) return error;
  const { code, message, retryable, status, errorType, requestId, retryAfterMs, raw, partial } = error;
  return new StreamError(code, masked(message, secrets), {
    cause: code === 'aborted' ? error.cause : summary(error.cause, secrets),
    retryable,
    status,
    errorType,
    requestId,
    retryAfterMs,
    raw: raw === undefined ? undefined : masked(raw, secrets),
    partial,
  });
}

function masked(text: string, secrets: readonly string[]): string {
  return secrets.reduce((shown, secret) => shown.replaceAll(secret, '***'), text);
}

/**
 * An error reduced to its name, message, code and cause. What a `fetch` fails with may hold the request in a field
 * of its own, or a header in its message.
 */
function summary(error: unknown, secrets: readonly string[], depth = 0): unknown {
  if (!(error instanceof Error) || depth > 3) return undefined;
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
