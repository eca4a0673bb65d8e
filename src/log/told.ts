import { defer, finalize, tap, type Observable } from 'rxjs';
import { isStreamError } from '../errors/streamError.js';
import { isOfLog } from '../server/ofLog.js';

const NOW = /* @__PURE__ */ Promise.resolve();

/** Tells what a run fails with: all that its writer does, and, once for all who read it at a time, that it cannot be read. */
export class Told {
  readonly #onError: ((error: unknown) => unknown) | undefined;
  #readers = 0;
  /** Set once it has been told that the log fails, until it gives something or those are gone who read it then. */
  #isDown = false;

  /** @param onError - learns it; what it throws is ignored */
  constructor(onError: ((error: unknown) => unknown) | undefined) {
    this.#onError = onError;
  }

  /** The writer has failed. Where that is because of the log, its readers fail for the same reason. */
  written(error: unknown): void {
    this.#isDown ||= this.#readers > 0 && isOfLog(error);
    void this.#tell(error);
  }

  /**
   * Passes on what is read of the run, and tells when it cannot be read. A failure that stands in the run was told by its writer.
   *
   * @param isExpected - whether a failure is none, because something follows
   */
  reading<T>(source: Observable<T>, isExpected: (error: unknown) => boolean = () => false): Observable<T> {
    return defer(() => {
      this.#readers++;
      return source.pipe(
        tap({
          next: () => (this.#isDown = false),
          error: (error: unknown) => {
            if (this.#isDown || isExpected(error) || (isStreamError(error) && error.code === 'api')) return;
            this.#isDown = true;
            void this.#tell(error);
          },
        }),
        finalize(() => {
          if (--this.#readers > 0 || !this.#isDown) return;
          // A log that fails at once fails one after the other of those who come together.
          void NOW.then(() => (this.#isDown = false));
        }),
      );
    });
  }

  async #tell(error: unknown): Promise<void> {
    try {
      await this.#onError?.(error);
    } catch {
      // Nobody is left who could be told.
    }
  }
}
