import { HttpClient } from '@angular/common/http';
import type { Injector } from '@angular/core';
import type { Observable } from 'rxjs';
import type { StreamEvent } from '../../events/event.js';
import { fromHttpEvents } from './fromHttpEvents.js';
import type { HttpEventLike } from './httpEvent.js';
import type { SentRequest } from './streams.js';

/** The events of a request that `HttpClient` sends. This file is loaded by itself, and with it `HttpClient`. */
export function httpClientEvents(
  { url, method, headers, body, codec }: SentRequest,
  injector: Injector,
): Observable<StreamEvent> {
  const options = { body, headers, observe: 'events', responseType: 'text', reportProgress: true } as const;
  const httpEvents: Observable<HttpEventLike> = injector.get(HttpClient).request(method, url, options);
  return httpEvents.pipe(fromHttpEvents({ codec }));
}
