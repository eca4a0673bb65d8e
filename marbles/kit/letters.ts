import { deepFreeze } from '../../src/testing/letters/freeze.js';
import type { Letters } from '../../src/testing/letters/letters.js';

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
