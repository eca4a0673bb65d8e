import { streamErrorOf, type StreamError } from '../../errors/streamError.js';
import { SnapshotReader, type WatchedOptions } from '../../json/reader.js';
import { Rope } from '../../json/rope.js';
import type { JsonSnapshot } from '../../json/snapshot.js';
import type { JsonPath, JsonValue } from '../../json/value.js';
import type { Watch } from '../../json/watch.js';
import type { ShownInput } from '../message/openInput.js';

/** Whoever has a say in what is shown, and may find a member to be wrong. */
export interface InputWatch extends Watch {
  readonly error: StreamError | undefined;
}

/** The input of a tool while its text comes in. Text that is not JSON is kept, and read as far as it goes. */
export class InputReader implements ShownInput {
  readonly #reader: SnapshotReader;
  readonly #text = new Rope();
  /** What is shown once the text has gone wrong and goes on. */
  #afterFailure: JsonSnapshot | undefined;

  readonly #watch: InputWatch | undefined;

  /** @param options - limits, how it is shown, and who has a say in that */
  constructor(options: WatchedOptions & { readonly watch?: InputWatch | undefined } = {}) {
    this.#watch = options.watch;
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

  /** What could be read of it, the same object until that changes. */
  get moment(): { readonly value: JsonValue | undefined } {
    return this.#reader.moment;
  }

  /** What is certain of it: every member and element that is complete. */
  get settled(): JsonValue | undefined {
    return this.#reader.settled;
  }

  /** Why a member that is finished makes the input invalid, where that is asked for. */
  get error(): StreamError | undefined {
    return this.#watch?.error;
  }

  /** As `SnapshotReader` has it. */
  takeClosed(): readonly JsonPath[] | undefined {
    return this.#reader.takeClosed();
  }

  /** Takes a piece of the text. It is read when somebody looks. */
  write(fragment: string): void {
    this.#text.append(fragment);
    if (this.#afterFailure !== undefined) return;
    const { snapshot } = this.#reader;
    try {
      this.#reader.write(fragment);
    } catch {
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
      return streamErrorOf(error);
    }
  }
}

/** @returns an input that is read while it comes in, for what shows it growing */
export function growingInput(): InputReader {
  return new InputReader();
}
