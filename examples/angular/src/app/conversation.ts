import { InjectionToken } from '@angular/core';

/** Names this conversation to the server. A page of another origin cannot: the server takes no request without it. */
export const CONVERSATION = new InjectionToken<string>('CONVERSATION', {
  providedIn: 'root',
  factory: () => crypto.randomUUID(),
});
