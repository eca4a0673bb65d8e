import type { StreamError } from '../../errors/streamError.js';
import type { JsonValue } from '../../json/value.js';

/** The input of a call while its text comes in. It belongs to one block and changes. */
export interface OpenInput {
  /** The text so far. */
  readonly json: string;
  /** What could be read of it so far; `undefined` while there is nothing to show but the input of the start. */
  readonly value: JsonValue | undefined;
  /** How the value is shown that costs more to make than to leave until somebody looks; the same until it changes. */
  readonly later?: PropertyDescriptor | undefined;
  /** What is certain of it: every member and element that is complete. */
  readonly settled: JsonValue | undefined;
  /** Takes the next piece of the text. What is wrong with it is kept for the end. */
  write(fragment: string): void;
  /** @returns the finished input, or why there is none */
  end(): { readonly value: JsonValue } | StreamError;
}
