/** The character codes that the JSON grammar (RFC 8259) names and a program has to look at. */
export const SPACE = 0x20;
export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const BACKSLASH = 0x5c;

// One class under one star: no backtracking, and half the price of a loop on long runs.
const PLAIN = /[^"\\\u0000-\u001f]*/y;

/** Escapes, so many that a row of them takes few calls. */
export const ESCAPES = /(?:\\(?:["\\/bfnrt]|u[\da-fA-F]{4})){1,64}/y;

/** What may still become an escape. */
export const ESCAPE_PART = /\\(?:u[\da-fA-F]{0,3})?/y;

/** So many characters are looked at one by one: what is found there costs less than to call the expression. */
const NEAR = 12;

/** @returns the index after what the pattern, a sticky one, matches at `from`; `from` where it does not match */
export function after(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.test(text) ? pattern.lastIndex : from;
}

/** @returns the index of the first character from `from` on that does not stand for itself in a string */
export function plainEnd(text: string, from: number): number {
  const near = Math.min(text.length, from + NEAR);
  for (let at = from; at < near; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit <= BACKSLASH && (unit === QUOTE || unit === BACKSLASH || unit < SPACE)) return at;
  }
  return near === text.length ? near : after(PLAIN, text, near);
}

/** Whether JSON takes the character for white space: four are, and no other that Unicode knows. */
export function isSpace(code: number): boolean {
  return code === SPACE || code === 0x0a || code === 0x0d || code === 0x09;
}
