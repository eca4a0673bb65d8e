import { DOCUMENT, inject, InjectionToken, REQUEST } from '@angular/core';

/** What sends the requests of this page: its address says so. */
export const TRANSPORT = new InjectionToken<'fetch' | 'http'>('TRANSPORT', {
  providedIn: 'root',
  factory: () => {
    const address = inject(REQUEST)?.url ?? inject(DOCUMENT).location.href;
    return new URL(address).searchParams.get('via') === 'http' ? 'http' : 'fetch';
  },
});
