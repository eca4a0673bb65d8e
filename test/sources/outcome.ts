import type { Observable } from 'rxjs';
import { StreamError } from '../../src/errors/streamError.js';

/** What came of a subscription. */
export interface Outcome<T> {
  readonly values: readonly T[];
  /** What it failed with; absent where it completed. */
  readonly error?: unknown;
}

/** Subscribes, and settles when the source has completed or failed. */
export function outcomeOf<T>(source: Observable<T>): Promise<Outcome<T>> {
  return new Promise((resolve) => {
    const values: T[] = [];
    source.subscribe({
      next: (value) => values.push(value),
      error: (error: unknown) => resolve({ values, error }),
      complete: () => resolve({ values }),
    });
  });
}

/** The error a source fails with, which has to be a StreamError. */
export async function failureOf(source: Observable<unknown>): Promise<StreamError> {
  const { error } = await outcomeOf(source);
  if (error instanceof StreamError) return error;
  throw new Error(`Not a StreamError: ${String(error)}`);
}
