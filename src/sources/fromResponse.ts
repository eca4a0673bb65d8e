import { Observable, throwIfEmpty } from 'rxjs';
import { anthropic } from '../codecs/anthropic/codec.js';
import type { Codec } from '../codecs/codec.js';
import { StreamError } from '../errors.js';
import type { StreamEvent } from '../event.js';
import type { ChunkReader } from './chunk.js';
import { DocumentReader, httpError, notAStream } from './document.js';
import { EventReader } from './eventReader.js';
import { readInto, type FromBytesOptions } from './fromBytes.js';

/**
 * Reads a response as events, once it is known to be a stream.
 *
 * ```ts
 * import { fromResponse, toText } from 'rxjs-llm-stream';
 *
 * const response = await fetch('/api/chat', { method: 'POST', body: 'Hello' });
 * fromResponse(response).pipe(toText()).subscribe(console.log);
 * ```
 *
 * Unsubscribing cancels the body. A body can be read once: another subscription is an error.
 *
 * @param response - as `fetch` gives it
 * @param options - the codec, its policies, and `limits` in characters (UTF-16 units), bytes and numbers
 * @returns a cold Observable of events
 * @throws StreamError `http` for a status outside 200 to 299, with `status`, `requestId`, `retryAfterMs` and the
 *   first 200 characters of the body; `not-a-stream` for HTML, a JSON document, a body without events or one that
 *   was read before; and what {@link fromBytes} throws
 */
export function fromResponse(response: Response, options: FromBytesOptions = {}): Observable<StreamEvent> {
  const events = new Observable<StreamEvent>((subscriber) => {
    if (response.bodyUsed || response.body?.locked) {
      subscriber.error(new StreamError('not-a-stream', 'The body of this response was read before'));
    } else {
      readInto(subscriber, response.body ?? [], readerOf(response, options));
    }
  });
  return events.pipe(throwIfEmpty(() => notAStream('')));
}

function readerOf(response: Response, options: FromBytesOptions): ChunkReader {
  const { codec = anthropic } = options;
  if (!response.ok) return new DocumentReader((text) => httpError(response, text, Date.now()));
  const isDocument = isDocumentType(response.headers.get('content-type') ?? '', codec.framing);
  return isDocument ? new DocumentReader(notAStream) : new EventReader(codec, options);
}

/** Only what cannot be a stream is turned away by its type: gateways serve streams as plain text, or untyped. */
function isDocumentType(contentType: string, framing: Codec['framing']): boolean {
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return /[/+](?:x?html|xml)\b/.test(type) || (framing === 'sse' && /[/+]json$/.test(type));
}
