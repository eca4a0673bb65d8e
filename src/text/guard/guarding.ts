import type { Searched } from '../pattern/search.js';

/** What comes in the place of a match. */
export type Replacement = string | ((match: string) => string);

/** What is searched for, and what becomes of it. It belongs to one subscription. */
export class Guarding {
  readonly patterns: Searched;
  readonly #replace: Replacement | undefined;
  #hasFound = false;

  /** @param replace - nothing, where the first match ends all */
  constructor(patterns: Searched, replace: Replacement | undefined) {
    this.patterns = patterns;
    this.#replace = replace;
  }

  /** Whether a match has ended all. */
  get hasFound(): boolean {
    return this.#hasFound;
  }

  /** Whether the first match ends all. */
  get stops(): boolean {
    return this.#replace === undefined;
  }

  /** A match ends all. */
  stop(): void {
    this.#hasFound = true;
  }

  /** What stands in the place of a match. */
  replacementOf(match: string): string {
    const replace = this.#replace ?? '';
    return typeof replace === 'string' ? replace : replace(match);
  }
}
