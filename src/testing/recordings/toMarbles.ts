import { StreamError } from '../../errors/streamError.js';
import type { StreamEvent } from '../../events/event.js';
import { alphabet } from '../letters/alphabet.js';
import { marbleRow, type MarbleRow, type TimedSymbol } from '../letters/row.js';
import { errorOf, recordedErrorOf, type Recording } from './recording.js';

/** A recording as marbles: what `cold` and `toBe` of a `TestScheduler` take. */
export interface Marbles {
  /** The row, in the notation of `TestScheduler.run`. */
  readonly marbles: string;
  /** What each of its letters stands for. */
  readonly values: Readonly<Record<string, StreamEvent>>;
  /** What its `#` stands for, where it ends in one. */
  readonly error?: Error;
  /** When the subscriber left, as subscription marbles, where the recording ends by that. */
  readonly subscription?: string;
}

/** Options of {@link toMarbles}. */
export interface ToMarblesOptions {
  /** Letters to use for the events they stand for; every other event gets a letter of its own. Default: `alphabet`. */
  readonly letters?: Readonly<Record<string, StreamEvent>> | undefined;
}

/**
 * Draws a recording as marbles, with the times in between: `380ms m 9ms (op) 20ms t-c-s-(z|)`. Events of the same
 * millisecond stand in a group, equal events have the same letter.
 *
 * In the notation a group takes a frame for each of its characters. What came within that time after it is drawn right
 * behind it, a few ms late, and what follows is at its time again.
 *
 * @param recording - what {@link record} gave, or a parsed file
 * @param options - the letters
 * @returns the row and what its letters stand for
 * @throws StreamError `limit` for more different events than there are letters, some 30,000
 * @see marbleTest
 */
export function toMarbles(
  { entries, end }: Recording,
  { letters = alphabet }: ToMarblesOptions = {},
): Marbles {
  const table = letterTable(letters);
  const symbols = entries.map(({ at, event }): TimedSymbol => ({ at, symbol: table.letterOf(event) }));
  const last = { complete: '|', error: '#', unsubscribe: undefined }[end.end];
  if (last !== undefined) symbols.push({ at: end.at, symbol: last });
  const { marbles, frames } = rowOf(symbols);
  return {
    marbles,
    values: table.values(),
    ...(end.end === 'error' && { error: errorOf(end.error) }),
    ...(end.end === 'unsubscribe' && { subscription: untilRow(end.at, frames) }),
  };
}

/** Leaves after the last event: within one frame, a `TestScheduler` unsubscribes before anything is emitted. */
function untilRow(at: number, frames: readonly number[]): string {
  const last = frames.at(-1) ?? -1;
  return rowOf([
    { at: 0, symbol: '^' },
    { at: Math.max(at, last + 1), symbol: '!' },
  ]).marbles;
}

/** As a test would have it: a wait at the beginning stands without the space before it. */
export function rowOf(symbols: readonly TimedSymbol[]): MarbleRow {
  const row = marbleRow(symbols, DASHES);
  return { ...row, marbles: row.marbles.trim() };
}

/** The longest wait that is drawn as dashes. */
const DASHES = 4;

/** Letters for values: those that are given, then new ones. */
export interface LetterTable {
  /** @throws StreamError `limit` where there is no letter left */
  letterOf(value: unknown): string;
  /** What the letters that were used stand for, in the order of their first use. */
  values<T>(): Record<string, T>;
}

/** @param letters - what letters stand for already */
export function letterTable(letters: Readonly<Record<string, unknown>> = {}): LetterTable {
  const usable = Object.entries(letters).filter(([letter]) => isLetter(letter));
  const given = new Map(usable.map(([letter, value]) => [canonical(value), letter]));
  const used = new Map<string, { readonly letter: string; readonly value: unknown }>();
  const fresh = freshLetters(letters);
  return {
    letterOf(value) {
      const text = canonical(value);
      const { letter } = used.get(text) ?? { letter: given.get(text) ?? fresh.next().value };
      used.set(text, { letter, value });
      return letter;
    },
    values: <T>() =>
      Object.fromEntries(Array.from(used.values(), ({ letter, value }) => [letter, value as T])),
  };
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

function* freshLetters(taken: object): Generator<string, never> {
  for (const [first, last] of RANGES) {
    for (let code = first.charCodeAt(0); code <= last.charCodeAt(0); code++) {
      const letter = String.fromCharCode(code);
      if (!Object.hasOwn(taken, letter)) yield letter;
    }
  }
  throw new StreamError('limit', 'There are more different events than letters');
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
