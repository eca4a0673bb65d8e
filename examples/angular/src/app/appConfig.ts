import { provideHttpClient, withFetch, withInterceptors } from '@angular/common/http';
import {
  provideBrowserGlobalErrorListeners,
  provideZonelessChangeDetection,
  type ApplicationConfig,
} from '@angular/core';
import { nameConversation } from './conversation.js';
import { provideCheckCounts } from './checked.js';

export const appConfig: ApplicationConfig = {
  providers: [
    provideBrowserGlobalErrorListeners(),
    provideZonelessChangeDetection(),
    // Of the two ways to send requests this is the one that gives an answer out while it comes.
    provideHttpClient(withFetch(), withInterceptors([nameConversation])),
    provideCheckCounts(),
  ],
};
