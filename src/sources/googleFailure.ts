import { isObject, type Json } from '../codecs/kit/json.js';
import { MAX_DOCUMENT_LENGTH } from './document.js';
import type { Fetch } from './answer.js';

/** What a member of `details` is called, and the header that says the same elsewhere. */
const HEADERS = [
  ['retryDelay', 'retry-after'],
  ['requestId', 'request-id'],
] as const;

/**
 * Google's APIs say in the body of an error when to ask again, and which request it was: of a response that failed, these
 * become the headers that say so elsewhere.
 *
 * @param send - sends the request
 * @see https://cloud.google.com/apis/design/errors#error_details
 */
export function withRetryInfo(send: Fetch): Fetch {
  return async (input, init) => {
    const response = await send(input, init);
    // A `fetch` of the caller's own may give anything.
    const { status, statusText, body }: Partial<Response> = response ?? {};
    if (!body || status === undefined || status < 400 || status > 599 || response.bodyUsed) return response;
    const text = await beginningOf(body);
    const headers = new Headers(response.headers);
    for (const [name, value] of detailsIn(text)) if (!headers.has(name)) headers.set(name, value);
    return new Response(text, { status, statusText: statusText ?? '', headers });
  };
}

/** As much of a body as is read of an error document. */
async function beginningOf(body: ReadableStream<Uint8Array>): Promise<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  try {
    while (text.length < MAX_DOCUMENT_LENGTH) {
      const { done, value } = await reader.read();
      if (done) return text;
      text += decoder.decode(value, { stream: true });
    }
    await reader.cancel();
  } catch {
    // Half a document says more than a broken connection does: at least its status is known.
  }
  return text;
}

function detailsIn(text: string): readonly (readonly [header: string, value: string])[] {
  const details = listIn(text).filter(isObject);
  return HEADERS.flatMap(([member, header]) => {
    const said = details.map((detail) => detail[member]).find((value) => typeof value === 'string');
    // A delay is a number of seconds: `34.07s`.
    return typeof said === 'string' ? [[header, said.replace(/^([\d.]+)s$/, '$1')] as const] : [];
  });
}

function listIn(text: string): readonly unknown[] {
  try {
    const parsed: unknown = JSON.parse(text);
    // Without `alt=sse` the API sends a list.
    const body: unknown = Array.isArray(parsed) ? parsed[0] : parsed;
    const { error }: Json = isObject(body) ? body : {};
    const { details }: Json = isObject(error) ? error : {};
    return Array.isArray(details) ? details : [];
  } catch {
    return [];
  }
}
