const HIGH_FILLER = '\ud83c';
const LOW_FILLER = '\udfb5';

/**
 * Puts filler in the place of every letter and digit: `x` and `X` for ASCII letters, `0` for digits, and beyond ASCII a
 * character of as many bytes. Lengths, spaces and punctuation stay, so words keep their shape.
 *
 * @param text - what must not be known; it may begin or end in half a character
 * @returns as many UTF-16 units, and as many bytes of UTF-8
 */
export function maskWords(text: string): string {
  return Array.from(text, maskCharacter).join('');
}

function maskCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return maskAscii(character);
  // Of two halves neither could be told from any other, so none of those beyond is kept.
  if (code <= 0xffff && /[\p{P}\p{Z}]/u.test(character)) return character;
  if (code < 0x800) return 'é';
  // Half a character, where a text is cut; its other half is masked to fit.
  if (code >= 0xd800 && code <= 0xdbff) return HIGH_FILLER;
  if (code >= 0xdc00 && code <= 0xdfff) return LOW_FILLER;
  return code <= 0xffff ? '文' : HIGH_FILLER + LOW_FILLER;
}

function maskAscii(character: string): string {
  if (character >= 'a' && character <= 'z') return 'x';
  if (character >= 'A' && character <= 'Z') return 'X';
  return character >= '0' && character <= '9' ? '0' : character;
}
