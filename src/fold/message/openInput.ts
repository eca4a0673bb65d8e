import type { StreamError } from '../../errors/streamError.js';
import type { JsonValue } from '../../json/value.js';

/** The input of a call while its text comes in. It belongs to one block and changes. */
export interface OpenInput {
  /** The text so far. */
  readonly json: string;
  /** What is certain of it: every member and element that is complete. */
  readonly settled: JsonValue | undefined;
  /** Takes the next piece of the text. What is wrong with it is kept for the end. */
  write(fragment: string): void;
  /** @returns the finished input, or why there is none */
  end(): { readonly value: JsonValue } | StreamError;
}

/** An input that is shown while its text comes in. */
export interface ShownInput extends OpenInput {
  /** What could be read of it so far. */
  readonly snapshot: { readonly value: JsonValue | undefined };
  /** The same without what a failure has cut off; the same object until it changes. */
  readonly moment: { readonly value: JsonValue | undefined };
  /** Whether its value costs more to make than to leave until somebody looks. */
  readonly isWide: boolean;
}

/** Whether an input has shown more than the `{}` that every input starts with. */
export function hasMembers(input: unknown): boolean {
  return typeof input !== 'object' || input === null || Object.keys(input).length > 0;
}
