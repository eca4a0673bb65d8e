import { EMPTY, type Observable } from 'rxjs';

const stops = new WeakMap<object, Observable<unknown>>();

/**
 * Notes what would have stopped the stream that failed with this error: while a retry waits, nobody else listens to it.
 *
 * @param stop - emits what stands for the stream then
 */
export function noteStop<T>(error: unknown, stop: Observable<readonly T[]>): void {
  if (typeof error === 'object' && error !== null) stops.set(error, stop);
}

/** What stops the stream that failed with this error; nothing, where none was noted. To be asked once of each failure. */
export function stopOf<T>(error: unknown): Observable<readonly T[]> {
  if (typeof error !== 'object' || error === null) return EMPTY;
  const stop = stops.get(error);
  // The same error may be thrown by another stream, later.
  stops.delete(error);
  // Of a stream on the same values.
  return (stop ?? EMPTY) as Observable<readonly T[]>;
}
