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

/** The longest wait that is drawn as dashes; a longer one is written in ms. */
const MAX_DASHES = 60;

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

/** A row of marbles, and where in it each notice stands. */
export interface Row {
  readonly marbles: string;
  /** Counted in characters, from 0. */
  readonly columns: readonly number[];
}

/** Marbles for what happened from a frame on, in the notation of run mode. */
export function rowOf(notices: readonly Notice[], legend: Legend, start: number): Row {
  let marbles = '';
  let frame = start;
  const columns: number[] = [];
  for (const group of byFrame(notices)) {
    const at = group[0]?.frame ?? 0;
    const symbols = group.map((notice) => legend.symbolOf(notice));
    const [open, close] = symbols.length > 1 ? ['(', ')'] : ['', ''];
    marbles += wait(at - frame) + open;
    const first = [...marbles].length;
    columns.push(...symbols.map((_, nth) => first + nth));
    marbles += symbols.join('') + close;
    frame = at + open.length + symbols.length + close.length;
  }
  return { marbles, columns };
}

/** Marbles for a time in which nothing happens, in frames. */
export function wait(frames: number): string {
  return frames > MAX_DASHES || frames % 1 !== 0 ? ` ${frames}ms ` : '-'.repeat(Math.max(0, frames));
}

function byFrame(notices: readonly Notice[]): Notice[][] {
  const groups: Notice[][] = [];
  for (const notice of notices) {
    const last = groups.at(-1);
    if (last?.[0]?.frame === notice.frame) last.push(notice);
    else groups.push([notice]);
  }
  return groups;
}

function isNumber(symbol: string): boolean {
  return /^[\d?]$/.test(symbol);
}
