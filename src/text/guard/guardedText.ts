import type { TextMachine } from '../blocks/textMachine.js';
import { Search } from '../pattern/search.js';
import type { Guarding } from './guarding.js';

/** One text without its matches. It holds back what may be the beginning of one, and nothing else. */
export class GuardedText implements TextMachine {
  readonly #guarding: Guarding;
  readonly #search: Search;
  #held = '';

  constructor(guarding: Guarding) {
    this.#guarding = guarding;
    this.#search = new Search(guarding.patterns);
  }

  next(piece: string): string {
    for (let at = 0; at < piece.length; at++) this.#search.next(piece.charCodeAt(at));
    this.#held += piece;
    return this.#shown();
  }

  end(): string {
    this.#search.end();
    return this.#shown();
  }

  #shown(): string {
    const guarding = this.#guarding;
    if (guarding.hasFound) return '';
    if (guarding.stops && this.#search.hasFound) {
      guarding.stop();
      return this.#held.slice(0, this.#search.clear);
    }
    let [shown, at] = ['', 0];
    for (const { length, isMatch } of this.#search.take()) {
      const text = this.#held.slice(at, at + length);
      shown += isMatch ? guarding.replacementOf(text) : text;
      at += length;
    }
    this.#held = this.#held.slice(at);
    return shown;
  }
}
