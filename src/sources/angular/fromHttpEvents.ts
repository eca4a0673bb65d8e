import { catchError, defer, Observable, throwError, throwIfEmpty, type OperatorFunction } from 'rxjs';
import { requireCodec } from '../../codecs/requireCodec.js';
import type { StreamEvent } from '../../events/event.js';
import { transform } from '../../rx/transform.js';
import { notAStream } from '../document.js';
import { readInto, type FromBytesOptions } from '../fromBytes.js';
import { secretsOf, withoutSecrets } from '../secrets.js';
import type { HttpEventLike } from './httpEvent.js';
import { HttpExchange } from './httpExchange.js';

/**
 * Reads what Angular's `HttpClient` tells of a request as the events of its answer, while it comes in. So interceptors,
 * `HttpTestingController` and the client's other means hold for a stream too.
 *
 * ```text
 * -S-H-P-Q----(R|)
 * > fromHttpEvents({ codec: anthropic })
 * -----m-(ot)-(cz|)
 * ^-----------!
 * ```
 *
 * ```ts
 * import { HttpClient } from '@angular/common/http';
 * import { inject } from '@angular/core';
 * import { accumulateMessage, fromHttpEvents, untilTerminal } from 'rxjs-llm-stream';
 * import { anthropic } from 'rxjs-llm-stream/anthropic';
 *
 * inject(HttpClient)
 *   .post('/api/chat', { prompt: 'Hello' }, { observe: 'events', responseType: 'text', reportProgress: true })
 *   .pipe(fromHttpEvents({ codec: anthropic }), untilTerminal(), accumulateMessage())
 *   .subscribe((message) => render(message.content));
 * ```
 *
 * All three options of the request are needed: without `reportProgress`, the events come all at once at the end. Both of
 * the client's back ends give the same ones. Each piece of the text is read once, though the client hands out all of the
 * text each time. Its back end by `fetch` joins that text anew for each progress, which engines copy to look into: of
 * many megabytes in small pieces that shows, and {@link streamEvents} reads them without.
 *
 * A `HttpErrorResponse` becomes a `StreamError`. Where an interceptor sends the request again, what comes of it begins
 * with a `reset`.
 *
 * @param options - the codec, its policies, and `limits` in characters (UTF-16 units) and numbers
 * @returns an operator from events of `HttpClient` to events
 * @throws StreamError `http` for a status outside 200 to 299, with `status`, `requestId`, `retryAfterMs` and the first
 *   200 characters of the body; `not-a-stream` for HTML, a JSON document, a body without events or one that was not
 *   asked for as text; `network` when no answer comes or the connection breaks; and what {@link fromBytes} throws
 * @see {@link streamEvents}
 */
export function fromHttpEvents(options: FromBytesOptions): OperatorFunction<HttpEventLike, StreamEvent> {
  requireCodec(options, 'fromHttpEvents({ codec: anthropic })');
  return (httpEvents) =>
    defer(() => {
      const exchange = new HttpExchange(options);
      const text = httpEvents.pipe(
        catchError((error: unknown) => throwError(() => exchange.failureOf(error))),
        transform<HttpEventLike, string>((event, emit) => emit(exchange.textOf(event))),
      );
      return new Observable<StreamEvent>((subscriber) => readInto(subscriber, text, exchange)).pipe(
        throwIfEmpty(() => notAStream('')),
        catchError((error: unknown) =>
          throwError(() => withoutSecrets(error, secretsOf(new Headers(), exchange.url))),
        ),
      );
    });
}
