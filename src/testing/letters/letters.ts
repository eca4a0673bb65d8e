import { timeline } from './notation.js';

/** What each letter of a marble row stands for. */
export type Letters = Readonly<Record<string, unknown>>;

/**
 * The values of one row. RxJS takes a letter without a value for `undefined`; here it is an error.
 *
 * @throws Error naming the letter and the row
 */
export function valuesOf<T>(row: string, letters: Readonly<Record<string, T>>): Record<string, T> {
  const symbols = timeline(row).marks.map(({ symbol }) => symbol);
  const used = symbols.filter((symbol) => symbol !== '|' && symbol !== '#');
  const advice = 'Give it one, beside the row or in the options of runMarbles.';
  return Object.fromEntries(used.map((letter) => [letter, valueOf(letter, row, letters, advice)]));
}

/**
 * The value of one letter.
 *
 * @param advice - what to do where it has none
 * @throws Error naming the letter and the row, where it has no value
 */
export function valueOf<T>(
  letter: string,
  row: string,
  letters: Readonly<Record<string, T>>,
  advice = '',
): T {
  if (!Object.hasOwn(letters, letter)) {
    throw new Error(`No value for the letter '${letter}' in the row: ${row}\n${advice}`.trim());
  }
  return letters[letter] as T;
}
