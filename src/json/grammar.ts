import { MAX_RAW_LENGTH, StreamError } from '../errors/streamError.js';

/** White space: four characters are, and no other that Unicode knows (RFC 8259). */
export const SPACE = /[ \t\n\r]*/y;

/** A piece of a string: a whole string may be too long for one pattern. */
const PIECE = /[^"\\\u0000-\u001f]+|\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y;

/** As much of an escape as there is. */
export const ESCAPE = /\\(?:u[\da-fA-F]{0,3})?/y;

/** As much of a literal or a number as there is. */
export const SCALAR =
  /t(?:r(?:ue?)?)?|f(?:a(?:l(?:se?)?)?)?|n(?:u(?:ll?)?)?|-?(?:(?:0|[1-9]\d*)(?:\.(?!\d)|(?:\.\d+)?(?:[eE][-+]?\d*)?))?/y;

/** A whole literal, or a number and what ends it. */
export const WHOLE = /^(?:true|false|null|.*\d[,\]} \t\n\r]$)/;

/** So many characters are looked at one by one: what is found there costs less than to call the pattern. */
const NEAR = 12;

/** @returns the index after what the pattern, a sticky one, matches at `from`; `from` where it does not match */
export function after(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.test(text) ? pattern.lastIndex : from;
}

/** @returns the index after all that belongs to a string from `from` on: plain characters and whole escapes */
export function textEnd(text: string, from: number): number {
  let at = from;
  for (const near = Math.min(text.length, from + NEAR); at < near; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === 0x22) return at;
    if (unit === 0x5c || unit < 0x20) break;
  }
  for (let piece = at; (at = after(PIECE, text, piece)) > piece;) piece = at;
  return at;
}

/** @returns the error for a character that cannot stand at `position`, the `at`th of the fragment */
export function unexpected(fragment: string, at: number, position: number): StreamError {
  const message = `Unexpected ${JSON.stringify(fragment.charAt(at))} at position ${position} of the JSON text`;
  return new StreamError('malformed', message, { raw: fragment.slice(at, at + MAX_RAW_LENGTH) });
}

/** @returns the error for a text that ends before its value does */
export function endsEarly(position: number): StreamError {
  return new StreamError('malformed', `The JSON text ends at position ${position}, before its value does`);
}

/** @returns the error for one bracket too many */
export function tooDeep(maxDepth: number, position: number): StreamError {
  const message = `The JSON text nests deeper than ${maxDepth} levels, at position ${position}`;
  return new StreamError('limit', message);
}
