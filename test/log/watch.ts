import type { Observable } from 'rxjs';

/** What has come of a stream. */
export class Watched<T> {
  readonly values: T[] = [];
  error: unknown;
  isOver = false;
  readonly #waiting = new Set<() => void>();
  readonly #subscription;

  constructor(source: Observable<T>) {
    const moved = (): void => {
      for (const look of [...this.#waiting]) look();
    };
    this.#subscription = source.subscribe({
      next: (value) => {
        this.values.push(value);
        moved();
      },
      error: (error: unknown) => {
        this.error = error;
        moved();
      },
      complete: () => {
        this.isOver = true;
        moved();
      },
    });
  }

  /** Settles once so many values have come; fails with what it fails with. */
  has(count: number): Promise<void> {
    return this.#until(() => this.values.length >= count, true);
  }

  /** Settles once it has ended, however. */
  ended(): Promise<void> {
    return this.#until(() => this.isOver || this.error !== undefined, false);
  }

  leave(): void {
    this.#subscription.unsubscribe();
  }

  #until(isSo: () => boolean, fails: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (isSo()) resolve();
        else if (fails && this.error !== undefined)
          reject(Object.assign(new Error('It failed'), { cause: this.error }));
        else if (fails && this.isOver) reject(new Error('It ended before'));
        else {
          this.#waiting.add(look);
          return;
        }
        this.#waiting.delete(look);
      };
      look();
    });
  }
}

/** Subscribes to a stream, and keeps what comes. */
export function watch<T>(source: Observable<T>): Watched<T> {
  return new Watched(source);
}
