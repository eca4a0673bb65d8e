import { Search } from '../pattern/search.js';
import type { Guarding } from './guarding.js';

/** A string inside JSON without its matches. What is no match stays as it was spelled, escapes and all. */
export class GuardedString {
  readonly #guarding: Guarding;
  readonly #search: Search;
  /** What waits, as it was spelled; its text; and how much of the one each unit of the other takes. */
  #spelled = '';
  #text = '';
  #lengths: number[] = [];

  constructor(guarding: Guarding) {
    this.#guarding = guarding;
    this.#search = new Search(guarding.patterns);
  }

  /** Takes the next unit, as it is spelled. */
  next(unit: number, spelling: string): void {
    this.#search.next(unit);
    this.#spelled += spelling;
    this.#text += String.fromCharCode(unit);
    this.#lengths.push(spelling.length);
  }

  /** The string has ended. */
  end(): void {
    this.#search.end();
  }

  /** @returns what can be shown since the last time, as JSON spells it */
  take(): string {
    const guarding = this.#guarding;
    if (guarding.hasFound) return '';
    if (guarding.stops && this.#search.hasFound) {
      guarding.stop();
      return this.#spelled.slice(0, this.#lengthOf(0, this.#search.clear));
    }
    let [shown, at, spelledAt] = ['', 0, 0];
    for (const { length, isMatch } of this.#search.take()) {
      const end = spelledAt + this.#lengthOf(at, at + length);
      shown += isMatch
        ? JSON.stringify(guarding.replacementOf(this.#text.slice(at, at + length))).slice(1, -1)
        : this.#spelled.slice(spelledAt, end);
      at += length;
      spelledAt = end;
    }
    if (at > 0) {
      this.#spelled = this.#spelled.slice(spelledAt);
      this.#text = this.#text.slice(at);
      this.#lengths = this.#lengths.slice(at);
    }
    return shown;
  }

  #lengthOf(from: number, to: number): number {
    let length = 0;
    for (let at = from; at < to; at++) length += this.#lengths[at] ?? 0;
    return length;
  }
}
