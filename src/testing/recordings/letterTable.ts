import { StreamError } from '../../errors/streamError.js';
import { recordedErrorOf } from './recording.js';

/** Letters for values: those that are given, then ones that nobody has. */
export class LetterTable {
  readonly #given: ReadonlyMap<string, string>;
  readonly #used = new Map<string, { readonly letter: string; readonly value: unknown }>();
  readonly #fresh: Iterator<string, undefined>;

  /** @param letters - what letters stand for already */
  constructor(letters: Readonly<Record<string, unknown>> = {}) {
    const usable = Object.entries(letters).filter(([letter]) => isLetter(letter));
    this.#given = new Map(usable.map(([letter, value]) => [canonical(value), letter]));
    this.#fresh = freshLetters(new Set(Object.keys(letters)));
  }

  /**
   * @param value - anything that is JSON
   * @throws StreamError `limit` where there is no letter left
   */
  letterOf(value: unknown): string {
    const text = canonical(value);
    const used = this.#used.get(text);
    if (used) return used.letter;
    const letter = this.#given.get(text) ?? this.#next();
    this.#used.set(text, { letter, value });
    return letter;
  }

  /** What the letters that were used stand for, in the order of their first use. */
  values<T>(): Record<string, T> {
    return Object.fromEntries(Array.from(this.#used.values(), ({ letter, value }) => [letter, value as T]));
  }

  #next(): string {
    const next = this.#fresh.next();
    if (next.done !== true) return next.value;
    throw new StreamError('limit', 'There are more different events than letters');
  }
}

/** Latin capitals as long as they last; then letters that look like no others, and of which there are many. */
const RANGES = [
  ['A', 'Z'],
  ['α', 'ω'],
  ['ぁ', 'ゖ'],
  ['ァ', 'ヺ'],
  ['一', '鿿'],
  ['가', '힣'],
] as const;

function* freshLetters(taken: ReadonlySet<string>): Generator<string, undefined> {
  for (const [first, last] of RANGES) {
    for (let code = first.charCodeAt(0); code <= last.charCodeAt(0); code++) {
      const letter = String.fromCharCode(code);
      if (!taken.has(letter)) yield letter;
    }
  }
}

/** Digits may be read as a time, and signs have a meaning. */
function isLetter(letter: string): boolean {
  return /^[^\s\d\-|#^!()]$/u.test(letter);
}

/** The same text for equal values, in whatever order their members are. */
function canonical(value: unknown): string {
  return JSON.stringify(value, sorted);
}

function sorted(_: string, value: unknown): unknown {
  if (value === undefined) return '\0undefined';
  if (value instanceof Error) return recordedErrorOf(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
