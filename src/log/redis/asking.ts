import { Observable, Subject, timer, type SchedulerLike } from 'rxjs';
import type { Ask } from '../runLog.js';
import type { Channels } from './channels.js';
import { failureOf } from './patience.js';
import type { Names, Store } from './store.js';

/** What an ask is of: the last word of each counts. */
export function keyOf(ask: Ask): string {
  return 'stop' in ask ? '' : `call ${ask.approve}`;
}

/** What is asked of a writer, as all who listen to it hear it. */
export class Asking {
  readonly #store: Store;
  readonly #names: Names;
  readonly #channels: Channels;
  /** By what they are of, as JSON. */
  readonly #asks = new Map<string, string>();
  readonly #heard = new Subject<Ask>();
  #listeners = 0;
  #end: (() => void) | undefined;

  constructor(store: Store, names: Names, channels: Channels) {
    this.#store = store;
    this.#names = names;
    this.#channels = channels;
  }

  /**
   * @param leaseMs - how often a writer has to show that it is alive, three times each
   * @param sign - shows it; rejected where the run is not there any more
   * @returns what was asked and what will be
   */
  asks(leaseMs: number, sign: () => Promise<void>, scheduler: SchedulerLike): Observable<Ask> {
    return new Observable((subscriber) => {
      for (const text of this.#asks.values()) subscriber.next(JSON.parse(text) as Ask);
      subscriber.add(this.#heard.subscribe(subscriber));
      if (this.#listeners++ === 0) this.#end = this.#begin(leaseMs, sign, scheduler);
      subscriber.add(() => {
        if (--this.#listeners === 0) this.#end?.();
      });
    });
  }

  #begin(leaseMs: number, sign: () => Promise<void>, scheduler: SchedulerLike): () => void {
    let isKnown = false;
    const readAll = async (): Promise<void> => {
      const texts = await this.#store.patience.of(() => this.#store.sender.one(['HVALS', this.#names.asks]));
      isKnown = true;
      for (const text of texts as readonly string[]) this.#hear(text);
    };
    // What cannot be read now is read with the next sign of life.
    const look = (): void => void readAll().catch(() => (isKnown = false));
    const stopListening = this.#channels.listen(this.#names.asks, {
      message: (text) => this.#hear(text),
      ready: look,
      lost: () => (isKnown = false),
      failed: (error) => this.#heard.error(error),
    });
    const beat = timer(0, leaseMs / 3, scheduler).subscribe({
      next: (nth) => {
        if (nth > 0 && !isKnown) look();
        sign().catch((error: unknown) => this.#heard.error(failureOf(error)));
      },
      error: (error: unknown) => this.#heard.error(error),
    });
    return () => {
      stopListening();
      beat.unsubscribe();
      this.#asks.clear();
    };
  }

  #hear(text: string): void {
    const ask = JSON.parse(text) as Ask;
    const key = keyOf(ask);
    if (this.#asks.get(key) === text) return;
    this.#asks.set(key, text);
    this.#heard.next(ask);
  }
}
