import { StreamError } from '../errors/streamError.js';

/**
 * Joins the headers of a request. Later ones replace earlier ones.
 *
 * @param given - the headers, in any form that `fetch` takes
 * @returns a new `Headers`
 * @throws StreamError `source` for a header that cannot be sent. It does not say which, because the
 *   platform's own error quotes the value, and that may be a key with a line break in it
 */
export function headersOf(...given: readonly (HeadersInit | undefined)[]): Headers {
  const headers = new Headers();
  try {
    for (const some of given) new Headers(some).forEach((value, name) => headers.set(name, value));
  } catch {
    throw new StreamError('source', 'A header of the request is not valid');
  }
  return headers;
}
