import { StreamError } from '../errors.js';
import { createJsonReader } from '../json/reader.js';
import { Rope } from '../json/rope.js';
import type { JsonSnapshot } from '../json/snapshot.js';
import type { JsonValue } from '../json/value.js';

/** The input of a tool while its text comes in. Text that is no JSON is kept, and read as far as it goes. */
export class InputReader {
  readonly #reader = createJsonReader();
  /** The text so far. */
  readonly text = new Rope();
  #failure: StreamError | undefined;
  /** What is shown once the text has gone wrong and goes on. */
  #stuck: JsonSnapshot | undefined;
  #shown = false;

  /** The whole text so far. */
  get json(): string {
    return this.text.text;
  }

  /** What could be read of it, and what was new in the last piece. */
  get snapshot(): JsonSnapshot {
    return this.#stuck ?? this.#reader.snapshot;
  }

  /** What is certain of it: every member and element that is complete. */
  get settled(): JsonValue | undefined {
    return this.#reader.settled;
  }

  /** @returns whether the text shows more than before it, and more than the `{}` that every input starts with */
  write(fragment: string): boolean {
    this.text.append(fragment);
    if (this.#failure !== undefined) {
      this.#stuck = { value: this.#reader.snapshot.value, complete: false, changed: false, growth: [] };
      return false;
    }
    try {
      this.#reader.write(fragment);
    } catch (error) {
      this.#fail(error);
    }
    const { snapshot } = this.#reader;
    this.#shown ||= !isEmptyObject(snapshot.value);
    return this.#shown && snapshot.changed;
  }

  /** @returns the finished input, or why there is none */
  end(): { readonly value: JsonValue } | StreamError {
    try {
      if (this.#failure === undefined) return { value: this.#reader.end() };
    } catch (error) {
      this.#fail(error);
    }
    return this.#failure ?? { value: null };
  }

  #fail(error: unknown): void {
    if (!(error instanceof StreamError)) throw error;
    this.#failure = error;
  }
}

function isEmptyObject(value: JsonValue | undefined): boolean {
  return (
    value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0)
  );
}
