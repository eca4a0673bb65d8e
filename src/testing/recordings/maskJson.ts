import { maskWords } from './maskWords.js';

/** Takes JSON in pieces and gives pieces of the same lengths in which every string that is a value is masked. */
export interface JsonMask {
  next(piece: string): string;
}

type Container = 'array' | 'object';

/** The digits that a masked letter has as an escape: `\u0078` is `x`. */
const ESCAPED_FILLER = '0078';

/**
 * Begins to mask a JSON text. What is masked is JSON as long as the text is; keys, numbers and literals stay.
 *
 * @returns what takes the pieces, cut anywhere, in an escape even
 */
export function jsonMask(): JsonMask {
  const containers: Container[] = [];
  let place: 'outside' | 'key' | 'text' = 'outside';
  let isKeyNext = false;
  /** How far an escape has come: nothing, its backslash, or so many of the four digits left. */
  let escape: 'none' | 'begun' | number = 'none';

  function structure(character: string): string {
    if (character === '"') place = isKeyNext ? 'key' : 'text';
    else if (character === '{' || character === '[') containers.push(character === '{' ? 'object' : 'array');
    else if (character === '}' || character === ']') containers.pop();
    if (character === '{' || character === ',') isKeyNext = containers.at(-1) === 'object';
    else if (character === ':' || character === '[') isKeyNext = false;
    return character;
  }

  function inString(character: string): string {
    const isText = place === 'text';
    if (escape === 'begun') {
      escape = character === 'u' ? 4 : 'none';
      return character;
    }
    if (typeof escape === 'number') {
      const digit = ESCAPED_FILLER.charAt(4 - escape);
      escape = escape === 1 ? 'none' : escape - 1;
      return isText ? digit : character;
    }
    if (character === '\\') escape = 'begun';
    else if (character === '"') place = 'outside';
    return isText ? maskWords(character) : character;
  }

  return {
    next: (piece) =>
      Array.from(piece, (character) =>
        place === 'outside' ? structure(character) : inString(character),
      ).join(''),
  };
}
