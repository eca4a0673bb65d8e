import type { Letters } from '../letters/letters.js';
import { difference } from './difference.js';
import { show } from './show.js';

/** What a subscriber received, and in which frame: a message of RxJS's `TestScheduler`. */
export interface Notice {
  readonly frame: number;
  readonly notification:
    | { readonly kind: 'N'; readonly value: unknown }
    | { readonly kind: 'E'; readonly error: unknown }
    | { readonly kind: 'C' };
}

/** What `?` stands for, once the numbers are used up. */
const MORE = 'more values that have no letter';

/** Finds a letter for each value, and numbers those that no letter stands for. */
export class Legend {
  readonly #letters: Letters;
  readonly #strangers: unknown[] = [];
  readonly #used = new Map<string, unknown>();

  constructor(letters: Letters) {
    this.#letters = letters;
  }

  /** The symbol of what a subscriber received. */
  symbolOf({ notification }: Notice): string {
    if (notification.kind === 'C') return '|';
    if (notification.kind === 'E') return '#';
    const { value } = notification;
    const letters = Object.keys(this.#letters);
    const letter = letters.find((name) => difference(this.#letters[name], value) === undefined);
    const symbol = letter ?? this.#numberOf(value);
    this.#used.set(symbol, value);
    return symbol;
  }

  /** A line for each symbol that was asked for: what it stands for. */
  lines(): string[] {
    const symbols = [...this.#used.keys()].sort((a, b) => Number(isNumber(a)) - Number(isNumber(b)));
    return symbols.map((symbol) => `${symbol}  ${symbol === '?' ? MORE : show(this.#used.get(symbol))}`);
  }

  #numberOf(value: unknown): string {
    const known = this.#strangers.findIndex((stranger) => difference(stranger, value) === undefined);
    const nth = known < 0 ? this.#strangers.push(value) : known + 1;
    const number = String(nth);
    return nth > 9 || Object.hasOwn(this.#letters, number) ? '?' : number;
  }
}

function isNumber(symbol: string): boolean {
  return /^[\d?]$/.test(symbol);
}
