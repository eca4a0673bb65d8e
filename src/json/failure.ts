import { MAX_RAW_LENGTH, StreamError } from '../errors/streamError.js';

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
