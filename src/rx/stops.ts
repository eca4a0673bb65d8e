import { EMPTY, type Observable } from 'rxjs';

const stops = new WeakMap<object, Observable<unknown>>();

/** Notes what would have stopped the stream that failed with this error: while a retry waits, nobody else listens to it. */
export function noteStop(error: unknown, stop: Observable<unknown>): void {
  if (typeof error === 'object' && error !== null) stops.set(error, stop);
}

/** What stops the stream that failed with this error; nothing, where none was noted. */
export function stopOf(error: unknown): Observable<unknown> {
  return (typeof error === 'object' && error !== null && stops.get(error)) || EMPTY;
}
