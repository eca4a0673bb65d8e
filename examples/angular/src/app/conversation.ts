import type { HttpInterceptorFn } from '@angular/common/http';
import { inject, InjectionToken } from '@angular/core';

/** Names this conversation to the server, which may have several open. */
export const CONVERSATION = new InjectionToken<string>('CONVERSATION', {
  providedIn: 'root',
  factory: () => crypto.randomUUID(),
});

/** Puts the name on every request. A page of another origin cannot: the server takes no request without it. */
export const nameConversation: HttpInterceptorFn = (request, next) =>
  next(request.clone({ setHeaders: { 'x-conversation': inject(CONVERSATION) } }));
