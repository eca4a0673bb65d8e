import { plain } from './spelling.js';

/** A value shorter than this is not a key, and masking it would mangle ordinary words. */
const SHORTEST_SECRET = 8;

/** What headers, parameters and cookies are called that hold a credential: `authorization`, `x-goog-api-key`, `sig`. */
const CREDENTIAL =
  /auth(?!or(?!i))|token(?!iz|s)|secret|passw|credential|cookie|session|signature|jwt|(?:^|[^a-z])sig$|key(?:$|[-_]?id)/i;

/** What says which request it was, for people to quote. */
const IDENTITY = /request-?id|trace|correlation/i;

/**
 * Collects the credentials of a request or a response, which no error may show: the values of what is called like one, the
 * name and password of the address, and values that look drawn by lot. Ordinary words such as `?model=gpt` are none.
 *
 * @param headers - its headers
 * @param url - its address
 * @returns each as it is meant, and as Basic authorization spells it; the longest first
 */
export function credentialsIn(
  headers: Iterable<readonly [name: string, value: string]>,
  url: string,
): readonly string[] {
  const found: (string | readonly string[])[] = [];
  const look = (name: string, value: string): void => {
    if (CREDENTIAL.test(name)) found.push(value, value.split(/[\s,;="]+/).filter(isRandom));
    else if (isRandom(value) && !IDENTITY.test(name)) found.push(value);
  };
  for (const [name, value] of headers) {
    const [, scheme, rest = value] = /^(\w+) +(.+)$/.exec(value) ?? [];
    if (/cookie/i.test(name)) for (const [each, its] of pairsIn(value, /; */)) look(each, its);
    else if (scheme?.toLowerCase() === 'basic') found.push(rest, userinfo(decoded(rest)));
    else look(name, rest);
  }
  const [, user = '', query = ''] = /^(?:[a-z]+:\/\/([^/?#]*)@)?[^?#]*(?:\?([^#]*))?/i.exec(url) ?? [];
  for (const [name, value] of pairsIn(query, '&')) look(name, value);
  found.push(userinfo(plain(user).text));
  const meant = found
    .flat()
    .map((value) => plain(value).text)
    .filter(({ length }) => length >= SHORTEST_SECRET);
  return [...new Set(meant)].sort((a, b) => b.length - a.length);
}

function pairsIn(text: string, separator: string | RegExp): readonly (readonly [string, string])[] {
  return text.split(separator).map((pair) => {
    const equals = pair.indexOf('=');
    return [pair.slice(0, Math.max(0, equals)), pair.slice(equals + 1)];
  });
}

/** A name and a password: both, each, and as base64. */
function userinfo(pair: string): readonly string[] {
  return [pair, ...pair.split(':'), encoded(pair)];
}

function encoded(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

function decoded(base64: string): string {
  try {
    return atob(base64);
  } catch {
    return '';
  }
}

/** Whether a value has a long run of letters and digits mixed, as keys have and no word does. A model's date is digits alone. */
function isRandom(value: string): boolean {
  return (value.match(/[a-z\d]{16,}/gi) ?? []).some((run) => /[a-z]/i.test(run) && /\d/.test(run));
}
