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

/** @returns the index after what the pattern, a sticky one, matches at `from`; `from` where it does not match */
export function after(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.test(text) ? pattern.lastIndex : from;
}

/** @returns the index after all that belongs to a string from `from` on: plain characters and whole escapes */
export function textEnd(text: string, from: number): number {
  let at = from;
  for (let next; (next = after(PIECE, text, at)) > at;) at = next;
  return at;
}

/** @returns the error for a character that cannot stand at `position`, the `at`th of the text, or for the end there */
export function notJson(text: string, at: number, position: number): StreamError {
  const character = text.charAt(at);
  const message =
    character === ''
      ? `The JSON text ends at position ${position}, before its value does`
      : `Unexpected ${JSON.stringify(character)} at position ${position} of the JSON text`;
  return new StreamError('malformed', message, { raw: text.slice(at, at + MAX_RAW_LENGTH) || undefined });
}

/** @returns the error for one bracket too many */
export function tooDeep(maxDepth: number, position: number): StreamError {
  const message = `The JSON text nests deeper than ${maxDepth} levels, at position ${position}`;
  return new StreamError('limit', message);
}
