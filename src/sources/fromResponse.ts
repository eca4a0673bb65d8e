import { Observable } from 'rxjs';
import { requireCodec } from '../codecs/requireCodec.js';
import { StreamError } from '../errors/streamError.js';
import type { StreamEvent } from '../events/event.js';
import { bodyReader } from './bodyReader.js';
import { credentialsIn } from './credentials.js';
import type { EventReader } from './eventReader.js';
import { readInto, type FromBytesOptions } from './fromBytes.js';
import { Masker } from './masker.js';

/**
 * Reads a response as events, after checking that it is a stream.
 *
 * ```ts
 * import { fromResponse, toText } from 'rxjs-llm-stream';
 * import { anthropic } from 'rxjs-llm-stream/anthropic';
 *
 * const response = await fetch('/api/chat', { method: 'POST', body: 'Hello' });
 * fromResponse(response, { codec: anthropic }).pipe(toText()).subscribe(console.log);
 * ```
 *
 * Unsubscribing cancels the body. After a terminal event the rest of it may run out first: see `drain`. A body can be read
 * only once, so a second subscription is an error.
 *
 * The first bytes decide whether the body is a stream, not its content type alone.
 *
 * @param response - what `fetch` gave
 * @param options - the codec, its policies, `limits` in characters (UTF-16 units), bytes and numbers, and `drain` in ms and
 *   bytes
 * @returns a cold Observable of events
 * @throws StreamError `http` for a status outside 200 to 299, with `status`, `requestId`, `retryAfterMs` and at most 200
 *   characters of the body; `api` for an error document; `not-a-stream` for a page, another document, gzip, a body without
 *   events, a body that was read before, or a value that is not a Response; and what {@link fromBytes} throws. Credentials
 *   in its address and its headers are masked, and what looks like one
 */
export function fromResponse(response: Response, options: FromBytesOptions): Observable<StreamEvent> {
  requireCodec(options);
  return responseEvents(response, options, new Masker());
}

/**
 * Reads a response as {@link fromResponse} does; one that is `kept` for may end without events.
 *
 * @param response - what `fetch` gave
 * @param options - the codec, its policies, and `limits`
 * @param masker - knows the credentials of the request
 * @param abort - ends the request
 * @param kept - what read the responses before, if this one goes on behind them
 * @returns a cold Observable of events
 */
export function responseEvents(
  response: Response,
  options: FromBytesOptions,
  masker: Masker,
  abort?: () => void,
  kept?: EventReader,
): Observable<StreamEvent> {
  return new Observable<StreamEvent>((subscriber) => {
    if (!isResponse(response)) {
      subscriber.error(noResponse(response));
      return;
    }
    // A `fetch` of the caller's own may have added a key; the response may repeat it here too.
    masker.know(credentialsIn(isIterable(response.headers) ? response.headers : [], response.url));
    if (response.bodyUsed || response.body?.locked) {
      subscriber.error(new StreamError('not-a-stream', 'The body of this response was read before'));
    } else {
      const reader = bodyReader(response, options, masker, kept);
      const { drain, gate } = options;
      readInto(subscriber, response.body ?? [], reader, { ...drain, gate, masking: masker, abort });
    }
  });
}

/** The headers of a mock may know nothing but `get`. */
function isIterable(headers: Headers): boolean {
  return Symbol.iterator in headers;
}

function isResponse(value: Partial<Response> | null | undefined): boolean {
  return typeof value?.status === 'number' && typeof value.headers?.get === 'function';
}

function noResponse(value: unknown): StreamError {
  const kind = value === null ? 'null' : typeof value;
  return new StreamError('not-a-stream', `Expected a Response, as fetch gives it, not ${kind}`);
}
