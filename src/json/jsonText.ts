import { StreamError } from '../errors/streamError.js';
import type { Container } from './container.js';
import { SnapshotReader, type WatchedOptions } from './reader.js';
import type { JsonSnapshot } from './snapshot.js';
import type { JsonPath, JsonValue } from './value.js';

/** What may stand around the JSON of a text. */
export interface JsonTextOptions {
  /**
   * Text around the JSON, a code fence say: an error, or skipped, up to the first `{` or `[` and from the end of that
   * value on. Default `error`.
   */
  readonly prose?: 'error' | 'skip' | undefined;
}

const SKIPPING = ". With prose: 'skip', text around the JSON is left out";

/** A reply that is JSON, while its text comes in. It belongs to one subscription. */
export class JsonText {
  readonly #reader: SnapshotReader;
  readonly #skipsProse: boolean;
  #started: boolean;

  constructor({ prose = 'error', ...options }: JsonTextOptions & WatchedOptions) {
    this.#reader = new SnapshotReader(options);
    this.#skipsProse = prose === 'skip';
    this.#started = !this.#skipsProse;
  }

  /** What could be read so far. */
  get snapshot(): JsonSnapshot {
    return this.#reader.snapshot;
  }

  /** Whether the value is finished, be it shown or not. */
  get isComplete(): boolean {
    return this.#reader.isComplete;
  }

  /** Whether a wide container is open. */
  get isWide(): boolean {
    return this.#reader.isWide;
  }

  /** The innermost open container. */
  get container(): Container {
    return this.#reader.container;
  }

  /** As `SnapshotReader` has it. */
  takeClosed(): readonly JsonPath[] | undefined {
    return this.#reader.takeClosed();
  }

  /**
   * @returns whether the value shows more than before
   * @throws StreamError `malformed` or `limit`, with the value so far as `partial`
   */
  write(piece: string): boolean {
    const text = this.#started ? piece : fromBracket(piece);
    if (text === '' || (this.#skipsProse && this.isComplete)) return false;
    this.#started = true;
    try {
      return this.#reader.write(text).changed;
    } catch (error) {
      // The value was finished within this piece, and what follows it is prose.
      if (this.#skipsProse && this.isComplete) return this.snapshot.changed;
      // Nothing that is skipped fails, and nothing was read of what has not begun.
      const isProse = !this.#skipsProse && this.snapshot.value === undefined;
      throw this.#failure('malformed', 'The text is not JSON', error, isProse ? SKIPPING : '');
    }
  }

  /**
   * @returns the finished value
   * @throws StreamError `truncated` where the text ended before its value
   */
  end(): JsonValue {
    const { value, complete } = this.snapshot;
    if (complete && value !== undefined) return value;
    try {
      return this.#reader.end();
    } catch (error) {
      throw this.#failure('truncated', 'The text ended before its JSON', error);
    }
  }

  #failure(code: 'malformed' | 'truncated', message: string, cause: unknown, advice = ''): StreamError {
    const details = { cause, partial: this.snapshot.value };
    if (!(cause instanceof StreamError)) return new StreamError(code, message, details);
    if (cause.code === 'limit') return new StreamError('limit', cause.message, details);
    return new StreamError(code, `${message}: ${cause.message}${advice}`, details);
  }
}

function fromBracket(piece: string): string {
  const at = piece.search(/[[{]/);
  return at === -1 ? '' : piece.slice(at);
}
