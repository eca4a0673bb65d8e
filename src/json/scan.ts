/** The character codes that the JSON grammar (RFC 8259) names. */
export const TAB = 0x09;
export const LINE_FEED = 0x0a;
export const CARRIAGE_RETURN = 0x0d;
export const SPACE = 0x20;
export const QUOTE = 0x22;
export const PLUS = 0x2b;
export const COMMA = 0x2c;
export const MINUS = 0x2d;
export const DOT = 0x2e;
export const DIGIT_0 = 0x30;
export const DIGIT_9 = 0x39;
export const COLON = 0x3a;
export const UPPER_E = 0x45;
export const OPEN_BRACKET = 0x5b;
export const BACKSLASH = 0x5c;
export const CLOSE_BRACKET = 0x5d;
export const LOWER_E = 0x65;
export const LOWER_F = 0x66;
export const LOWER_N = 0x6e;
export const LOWER_T = 0x74;
export const LOWER_U = 0x75;
export const OPEN_BRACE = 0x7b;
export const CLOSE_BRACE = 0x7d;

// One class under one star: no backtracking, and half the price of a loop on long runs.
const PLAIN = /[^"\\\u0000-\u001f]*/y;

/** So many characters are looked at one by one: what is found there costs less than to call the expression. */
const NEAR = 12;

/** @returns the index of the first character from `from` on that does not stand for itself in a string */
export function plainEnd(fragment: string, from: number): number {
  const near = Math.min(fragment.length, from + NEAR);
  let at = from;
  for (; at < near; at += 1) {
    const unit = fragment.charCodeAt(at);
    if (unit <= BACKSLASH && (unit === QUOTE || unit === BACKSLASH || unit < SPACE)) return at;
  }
  if (at === fragment.length) return at;
  PLAIN.lastIndex = at;
  PLAIN.test(fragment);
  return PLAIN.lastIndex;
}

/**
 * @param from - the index after an opening quote
 * @returns the index of the closing quote; -1 if it is not in the fragment, or if there is an escape before it
 */
export function closingQuote(fragment: string, from: number): number {
  const end = plainEnd(fragment, from);
  return end < fragment.length && fragment.charCodeAt(end) === QUOTE ? end : -1;
}

/** @returns the index of the first character from `from` on that is not white space */
export function spaceEnd(fragment: string, from: number): number {
  let at = from;
  while (at < fragment.length && isSpace(fragment.charCodeAt(at))) at += 1;
  return at;
}

/** Whether JSON takes the character for white space: four are, and no other that Unicode knows. */
function isSpace(code: number): boolean {
  return code === SPACE || code === LINE_FEED || code === CARRIAGE_RETURN || code === TAB;
}

/** Whether a number may stand right before the character. */
export function endsNumber(code: number): boolean {
  return code === COMMA || code === CLOSE_BRACKET || code === CLOSE_BRACE || isSpace(code);
}

/** Whether the character is one of `0` to `9`. */
export function isDigit(code: number): boolean {
  return code >= DIGIT_0 && code <= DIGIT_9;
}

/** @returns what a hexadecimal digit counts, or -1 */
export function hexValue(code: number): number {
  if (isDigit(code)) return code - DIGIT_0;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

/** @returns what the character after a backslash stands for, or `''` if JSON has no such escape */
export function unescape(code: number): string {
  switch (code) {
    case QUOTE:
      return '"';
    case BACKSLASH:
      return '\\';
    case 0x2f:
      return '/';
    case 0x62:
      return '\b';
    case LOWER_F:
      return '\f';
    case LOWER_N:
      return '\n';
    case 0x72:
      return '\r';
    case LOWER_T:
      return '\t';
    default:
      return '';
  }
}

/** Whether the character is the first half of a surrogate pair. */
export function isHighSurrogate(code: number): boolean {
  return (code & 0xfc00) === 0xd800;
}
