import type { Cut } from './part.js';

/** How much a delta carries: so many characters (whole code points), or so many words with the space after them. */
export type DeltaSize = { readonly characters: number } | { readonly words: number };

/**
 * Makes what cuts texts into deltas of a size.
 *
 * @param size - `undefined`: each text is one delta
 * @returns a function from a text to its pieces, which joined are the text; an empty text has none
 * @throws RangeError where the size is no positive whole number
 */
export function cutting(size: DeltaSize | undefined): Cut {
  if (size === undefined) return (text) => (text === '' ? [] : [text]);
  const [unit, count] = 'words' in size ? [words, size.words] : [characters, size.characters];
  if (!Number.isSafeInteger(count) || count < 1) throw new RangeError(`No delta has a size of ${count}`);
  return (text) => grouped(unit(text), count);
}

function characters(text: string): readonly string[] {
  return [...text];
}

function words(text: string): readonly string[] {
  return text.match(/^\s+|\S+\s*/g) ?? [];
}

function grouped(units: readonly string[], count: number): string[] {
  const groups: string[] = [];
  for (let at = 0; at < units.length; at += count) groups.push(units.slice(at, at + count).join(''));
  return groups;
}
