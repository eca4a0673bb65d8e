import { catchError, defer, Observable, throwError, throwIfEmpty, type OperatorFunction } from 'rxjs';
import { requireCodec } from '../../codecs/requireCodec.js';
import type { StreamEvent } from '../../events/event.js';
import { transform } from '../../rx/transform.js';
import { notAStream } from '../document.js';
import { readInto, type FromBytesOptions } from '../fromBytes.js';
import { Masker } from '../masker.js';
import type { HttpEventLike } from './httpEvent.js';
import { HttpExchange } from './httpExchange.js';

/**
 * Reads the `HttpEvent`s of a request by Angular's `HttpClient` as the events of the answer, while it arrives. So
 * interceptors, `HttpTestingController` and everything else of the client work for streams too.
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
 * The request needs all three options: without `reportProgress`, the events come all at once at the end. Both back ends
 * of the client give the same events. The client hands out the whole text each time, but each piece of it is read only
 * once. The `fetch` back end joins the text anew at each progress event. With many megabytes in small pieces that costs
 * time, which {@link streamEvents} does not need.
 *
 * Left after a terminal event, by `untilTerminal()` for example, the request runs on to its end, for at most 250 ms and
 * 64 Ki characters (`drain`), so that interceptors see the response.
 *
 * An `HttpErrorResponse` becomes a `StreamError`. If an interceptor sends the request again, the events of the new
 * attempt begin with a `reset`.
 *
 * @param options - the codec, its policies, and `limits` in characters (UTF-16 units) and numbers
 * @returns an operator from events of `HttpClient` to events
 * @throws StreamError `http` for a status outside 200 to 299, with `status`, `requestId`, `retryAfterMs` and at most 200
 *   characters of the body; `api` for an error document; `not-a-stream` for a page, another document, a body without events
 *   or one that was not requested as text; `network` when no response comes or the connection breaks; `source` for an error
 *   of an interceptor; and what {@link fromBytes} throws
 * @see {@link streamEvents}
 */
export function fromHttpEvents(options: FromBytesOptions): OperatorFunction<HttpEventLike, StreamEvent> {
  requireCodec(options);
  return (httpEvents) =>
    defer(() => {
      const masker = new Masker();
      const exchange = new HttpExchange(options, masker);
      const text = httpEvents.pipe(
        catchError((error: unknown) => throwError(() => exchange.failureOf(error))),
        transform<HttpEventLike, string>((event, emit) => emit(exchange.textOf(event))),
      );
      return new Observable<StreamEvent>((subscriber) =>
        readInto(subscriber, text, exchange, { ...options.drain, masking: masker }),
      ).pipe(throwIfEmpty(() => notAStream('')));
    });
}
