import { concat, defer, from, throwError, type Observable } from 'rxjs';
import type { StreamEvent } from '../../src/events/event.js';

/** What one attempt gives: events, and an error or an end. */
export interface Script {
  readonly events: readonly StreamEvent[];
  readonly error?: unknown;
}

/** A source that gives something else to each subscription, the last of it again and again. */
export function attempts(...scripts: readonly Script[]): Observable<StreamEvent> & { readonly made: number } {
  let made = 0;
  const source = defer(() => {
    const script = scripts[Math.min(made++, scripts.length - 1)];
    return script?.error === undefined
      ? from(script?.events ?? [])
      : concat(
          script.events,
          throwError(() => script.error),
        );
  });
  return Object.defineProperty(source, 'made', { get: () => made }) as typeof source & { made: number };
}
