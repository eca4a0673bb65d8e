import { deepFreeze } from './difference.js';
import { timeline } from './notation.js';

/** What each letter of a drawing stands for. */
export type Letters = Readonly<Record<string, unknown>>;

/**
 * The letters of the alphabet and those of a sheet together, frozen all through.
 *
 * @throws Error naming a letter that would mean two things
 */
export function lettersOf(alphabet: Letters, own: Letters = {}): Letters {
  const taken = Object.keys(own).filter((letter) => Object.hasOwn(alphabet, letter));
  if (taken.length > 0) throw new Error(`The alphabet has these letters already: ${taken.join(' ')}`);
  return deepFreeze({ ...alphabet, ...own });
}

/**
 * The values of one row. RxJS takes a letter without a value for `undefined`; here it is an error.
 *
 * @throws Error naming the letter and the row
 */
export function valuesOf(row: string, letters: Letters): Record<string, unknown> {
  const symbols = timeline(row).marks.map(({ symbol }) => symbol);
  const used = symbols.filter((symbol) => symbol !== '|' && symbol !== '#');
  return Object.fromEntries(used.map((letter) => [letter, valueOf(letter, row, letters)]));
}

/** @throws Error naming the letter and the row, where it has no value */
export function valueOf(letter: string, row: string, letters: Letters): unknown {
  if (!Object.hasOwn(letters, letter))
    throw new Error(`No value for the letter '${letter}' in the row: ${row}`);
  return letters[letter];
}
