import { InputReader } from './inputReader.js';

/** @returns an input that is read while it comes in, for what shows it growing */
export function growingInput(): InputReader {
  return new InputReader();
}
