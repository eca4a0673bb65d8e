/** What stands where there is no character: before the first, and behind the last. */
export const NONE = -1;
/** What stands behind the last character that has come, while more may come. */
export const UNKNOWN = -2;

/** Whether this is the first half of a surrogate pair. */
export function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

/** Whether this is the second half of a surrogate pair. */
export function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}

/** The character of two halves. */
export function pairOf(high: number, low: number): number {
  return (high - 0xd800) * 0x400 + (low - 0xdc00) + 0x10000;
}

/** Whether a line ends here: ECMAScript's LineTerminator. */
export function isNewline(unit: number): boolean {
  return unit === 0x0a || unit === 0x0d || unit === 0x2028 || unit === 0x2029;
}

/** Whether this is one of `[0-9A-Z_a-z]`. */
export function isAsciiWord(unit: number): boolean {
  return (
    (unit >= 0x61 && unit <= 0x7a) ||
    (unit >= 0x41 && unit <= 0x5a) ||
    (unit >= 0x30 && unit <= 0x39) ||
    unit === 0x5f
  );
}

/** Whether this is a letter of words only where case does not matter: the long s and the Kelvin sign. */
export function isOtherWord(unit: number): boolean {
  return unit === 0x17f || unit === 0x212a;
}

/** What assertions tell apart: no character, the end of a line, a letter of a word, anything else. */
export type CharacterKind = 0 | 1 | 2 | 3;
export const KINDS = [0, 1, 2, 3] as const satisfies readonly CharacterKind[];

/** The kind of a character. */
export function kindOf(unit: number): CharacterKind {
  if (unit === NONE) return 0;
  if (isNewline(unit)) return 1;
  return isAsciiWord(unit) ? 2 : 3;
}
