import { provideHttpClient, withFetch, withInterceptors, type HttpInterceptorFn } from '@angular/common/http';
import {
  DOCUMENT,
  inject,
  provideBrowserGlobalErrorListeners,
  provideZonelessChangeDetection,
  REQUEST,
  type ApplicationConfig,
} from '@angular/core';
import { provideClientHydration } from '@angular/platform-browser';
import { tap } from 'rxjs';
import { anthropic } from 'rxjs-llm-stream/anthropic';
import { provideStreams } from 'rxjs-llm-stream/angular';
import { provideCheckCounts } from './checked.js';
import { CONVERSATION } from './conversation.js';
import { TRANSPORT } from './transport.js';

/** Notes that a request has ended well: what the interceptors of an app would measure or log. */
const noteEnds: HttpInterceptorFn = (request, next) =>
  next(request).pipe(tap({ complete: () => (globalThis.endsSeen = (globalThis.endsSeen ?? 0) + 1) }));

export const appConfig: ApplicationConfig = {
  providers: [
    provideBrowserGlobalErrorListeners(),
    provideZonelessChangeDetection(),
    provideClientHydration(),
    provideHttpClient(withFetch(), withInterceptors([noteEnds])),
    provideStreams({
      codec: anthropic,
      baseUrl: () => new URL(inject(REQUEST)?.url ?? inject(DOCUMENT).baseURI).origin,
      headers: () => ({ 'x-conversation': inject(CONVERSATION) }),
      useHttpClient: () => inject(TRANSPORT) === 'http',
    }),
    provideCheckCounts(),
  ],
};
