import { StreamError } from '../../errors/streamError.js';
import { SnapshotReader, type SnapshotOptions } from '../../json/reader.js';
import { Rope } from '../../json/rope.js';
import type { JsonSnapshot } from '../../json/snapshot.js';
import type { JsonValue } from '../../json/value.js';
import type { OpenInput } from '../message/openInput.js';

/** The input of a tool while its text comes in. Text that is not JSON is kept, and read as far as it goes. */
export class InputReader implements OpenInput {
  readonly #reader: SnapshotReader;
  readonly #text = new Rope();
  /** What is shown once the text has gone wrong and goes on. */
  #afterFailure: JsonSnapshot | undefined;
  #isShown = false;
  #later: PropertyDescriptor | undefined;
  /** What `#later` shows. */
  #moment: object | undefined;

  /** @param options - limits, and whether wide open containers are shown through views */
  constructor(options: SnapshotOptions = {}) {
    this.#reader = new SnapshotReader(options);
  }

  /** The whole text so far. */
  get json(): string {
    return this.#text.text;
  }

  /** What could be read of it, and what was new in the last piece. */
  get snapshot(): JsonSnapshot {
    return this.#afterFailure ?? this.#reader.snapshot;
  }

  /** Whether a wide container is open, so that its snapshots are better left unread until somebody looks. */
  get isWide(): boolean {
    return this.#reader.isWide;
  }

  get later(): PropertyDescriptor | undefined {
    if (!this.isWide) return undefined;
    const { moment } = this.#reader;
    if (moment !== this.#moment) {
      this.#moment = moment;
      this.#later = { get: () => moment.value, enumerable: true, configurable: true };
    }
    return this.#later;
  }

  /** What could be read of it; `undefined` while that is no more than the `{}` that every input starts with. */
  get value(): JsonValue | undefined {
    const { value } = this.snapshot;
    this.#isShown ||= !isEmptyObject(value);
    return this.#isShown ? value : undefined;
  }

  /** What is certain of it: every member and element that is complete. */
  get settled(): JsonValue | undefined {
    return this.#reader.settled;
  }

  /** Takes a piece of the text. It is read when somebody looks. */
  write(fragment: string): void {
    this.#text.append(fragment);
    if (this.#afterFailure !== undefined) return;
    const { snapshot } = this.#reader;
    try {
      this.#reader.write(fragment);
    } catch (error) {
      if (!(error instanceof StreamError)) throw error;
      // The piece that goes wrong shows what comes before the offending character; those after it show nothing.
      if (this.#reader.snapshot === snapshot)
        this.#afterFailure = { value: snapshot.value, complete: false, changed: false, growth: [] };
    }
  }

  /** @returns the finished input, or why there is none */
  end(): { readonly value: JsonValue } | StreamError {
    try {
      return { value: this.#reader.end() };
    } catch (error) {
      if (error instanceof StreamError) return error;
      throw error;
    }
  }
}

/** @returns an input that is read while it comes in, for what shows it growing */
export function growingInput(options?: SnapshotOptions): InputReader {
  return new InputReader(options);
}

function isEmptyObject(value: JsonValue | undefined): boolean {
  return (
    value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0)
  );
}
