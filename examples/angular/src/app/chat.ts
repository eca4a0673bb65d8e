import { computed, inject, Injectable, Injector, signal } from '@angular/core';
import { Backend } from './backend.js';
import { messagesFor } from './history.js';
import { Attempt, Turn } from './turn.js';

/** The conversation. */
@Injectable({ providedIn: 'root' })
export class Chat {
  readonly #backend = inject(Backend);
  readonly #injector = inject(Injector);
  readonly #turns = signal<readonly Turn[]>([]);

  readonly turns = this.#turns.asReadonly();
  /** The answer that comes, or came last. */
  readonly attempt = computed(() => this.#turns().at(-1)?.attempt());
  readonly isBusy = computed(() => this.attempt()?.isBusy() ?? false);

  /** Asks, unless an answer is coming. */
  send(prompt: string): void {
    if (this.isBusy()) return;
    const exchanges = this.#turns().map((turn) => turn.exchange);
    const events = this.#backend.answerTo(messagesFor(prompt, exchanges));
    const turn = new Turn(prompt, () => new Attempt(events, this.#injector));
    this.#turns.update((turns) => [...turns, turn]);
  }

  /** Stops the answer that comes. */
  stop(): void {
    this.attempt()?.stop();
  }

  /** Asks the last prompt again. */
  retry(): void {
    if (!this.isBusy()) this.#turns().at(-1)?.retry();
  }

  /** Has the server break the connection while it answers. */
  breakConnection(): void {
    this.#backend.breakConnection().subscribe();
  }
}
