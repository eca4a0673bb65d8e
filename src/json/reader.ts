import { finishedItems } from './finished.js';
import { Moment, MomentSnapshot, type JsonSnapshot } from './snapshot.js';
import { Parser } from './parser.js';
import type { JsonPath, JsonValue } from './value.js';

/** Limits of a {@link JsonReader}. */
export interface JsonReaderOptions {
  /** The most containers within each other. Default 512. */
  readonly maxDepth?: number | undefined;
  /** The longest text, in UTF-16 code units. Default 67,108,864 (64 Mi). */
  readonly maxLength?: number | undefined;
  /**
   * How many members of open containers reading one snapshot copies at most, an object's member counting as eight
   * array items. Default 1,024. An open container that would go beyond is shown through a view. `Infinity`: never.
   */
  readonly copyLimit?: number | undefined;
}

/** Reads one JSON text, fragment by fragment. Made by {@link createJsonReader}. */
export interface JsonReader {
  /** What is known now. */
  readonly snapshot: JsonSnapshot;
  /** What is certain: every member that is finished. Unlike `snapshot.value`, without the string that is open. */
  readonly settled: JsonValue | undefined;
  /** The index of the next character to come; after a failure, of the first that cannot stand where it stands. */
  readonly position: number;
  /**
   * @param fragment - the next part of the text, of any length
   * @returns what is known now
   * @throws StreamError `malformed` if the text is no JSON, `limit` if it is too deep or too long; again with every
   *   further call. `snapshot` then tells what came before the offending character.
   */
  write(fragment: string): JsonSnapshot;
  /**
   * Finds the items of an array that are finished, whether or not the array is.
   *
   * @param path - the keys and indices that lead to the array; `[]` for the outermost value
   * @param from - the index of the first item to return
   * @returns the finished items from there on; `undefined` where no array is known to stand
   */
  items(path: JsonPath, from?: number): readonly JsonValue[] | undefined;
  /**
   * Ends the text.
   *
   * @returns the finished value
   * @throws StreamError `malformed` if the text is not finished, or as `write` has thrown
   */
  end(): JsonValue;
}

/**
 * Reads a JSON text that comes in fragments, and tells after each fragment what is known.
 *
 * 1. **In the end it is `JSON.parse`.** `end()` returns what `JSON.parse` returns for the whole text. What `JSON.parse`
 *    rejects is rejected, at the first character that no valid text could have there.
 * 2. **A snapshot is a prefix.** A string shows its text so far, never half an escape and never half a surrogate
 *    pair; an array its items, an object its members so far. A member appears when its value begins; a number when it
 *    is known that no digit follows, `true`, `false` and `null` with their last letter. What a snapshot shows, every
 *    later one shows too; only a key that is repeated replaces its value, in its place, as with `JSON.parse`.
 * 3. **Cuts do not matter.** Fragments may be cut anywhere. It changes how many snapshots there are, and nothing else.
 * 4. **Time is linear** in the length of the text, with every snapshot read or none. A snapshot never changes: read it
 *    when you like. What did not change between two snapshots is the same object in both (`===`), save for a view.
 * 5. **Nothing in a text is special.** `__proto__` is a member like any other. Depth and length have limits, and to
 *    exceed them is an error.
 *
 * Values are plain arrays and objects, not to be changed. When a container of more than a thousand items, or 128
 * members, is still open, it is shown through a view, for copying it for every snapshot would make time quadratic: a
 * `Proxy` that looks, prints, iterates and compares like what it shows, but that `structuredClone` and `postMessage`
 * refuse. `copyLimit` says where that begins.
 *
 * A long string costs nothing to show, but much to look into: an index, a comparison or `JSON.stringify` makes the
 * engine copy it whole. Whoever draws a string as it grows appends `growth`.
 *
 * @param options - the limits
 * @example
 * ```ts
 * const reader = createJsonReader();
 * reader.write('{"city":"Ber').value; // { city: 'Ber' }
 * reader.write('lin","days":1').growth; // [{ path: ['city'], text: 'lin' }]
 * reader.write('4}').value; // { city: 'Berlin', days: 14 }
 * reader.end(); // { city: 'Berlin', days: 14 }
 * ```
 */
export function createJsonReader(options: JsonReaderOptions = {}): JsonReader {
  return new SnapshotReader(options);
}

class SnapshotReader implements JsonReader {
  readonly #maxLength: number;
  readonly #copyLimit: number;
  readonly #parser: Parser;
  #moment: Moment;
  #snapshot: JsonSnapshot | undefined = undefined;

  constructor({ maxDepth = 512, maxLength = 0x4000000, copyLimit = 1024 }: JsonReaderOptions) {
    this.#maxLength = maxLength;
    this.#copyLimit = copyLimit;
    this.#parser = new Parser(maxDepth);
    this.#moment = new Moment(this.#parser.frame, 0, '', undefined, 0, copyLimit);
  }

  get snapshot(): JsonSnapshot {
    return this.#snapshot ?? IDLE.snapshot;
  }

  get settled(): JsonValue | undefined {
    const { frame, version } = this.#parser;
    return new Moment(frame, frame.items.length, '', undefined, version, this.#copyLimit).value;
  }

  get position(): number {
    return this.#parser.position;
  }

  write(fragment: string): JsonSnapshot {
    const parser = this.#parser;
    if (parser.failure !== undefined) throw parser.failure;
    const room = this.#maxLength - parser.position;
    if (fragment.length <= room) return this.#show(parser.read(fragment));
    const grown = parser.read(fragment.slice(0, room));
    parser.endTooLong(this.#maxLength);
    return this.#show(grown);
  }

  items(path: JsonPath, from = 0): readonly JsonValue[] | undefined {
    return finishedItems(this.#parser.frame, path, from);
  }

  end(): JsonValue {
    const parser = this.#parser;
    if (parser.failure !== undefined) throw parser.failure;
    parser.end();
    return this.#show('').value ?? null;
  }

  /** Takes the next snapshot, also of a text that has just failed. */
  #show(grown: string): JsonSnapshot {
    const { frame, version, openText, complete, failure } = this.#parser;
    const before = this.#moment;
    if (version !== before.version) {
      const settled = openText === undefined ? '' : openText.rope.settled;
      this.#moment = new Moment(
        frame,
        frame.items.length,
        settled,
        openText?.rope.recent,
        version,
        this.#copyLimit,
      );
    }
    const snapshot = new MomentSnapshot(this.#moment, before, grown, complete);
    this.#snapshot = snapshot;
    if (failure !== undefined) throw failure;
    return snapshot;
  }
}

// V8 drops compiled code together with the last instance of a class, so that a program which reads a text now and
// then would start cold after every garbage collection. This reader stays, and prevents that.
const IDLE: JsonReader = new SnapshotReader({});
IDLE.write('');
