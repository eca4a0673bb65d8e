import { StreamError } from '../errors/streamError.js';
import { finishedItems } from './finished.js';
import { SnapshotReader, type SnapshotOptions } from './reader.js';
import type { JsonSnapshot } from './snapshot.js';
import type { JsonPath, JsonValue } from './value.js';

/** Options of a {@link JsonReader}. */
export interface JsonReaderOptions extends SnapshotOptions {
  /** The longest text, in UTF-16 code units. Default 67,108,864 (64 Mi). Beyond it `write` throws `limit`. */
  readonly maxLength?: number | undefined;
}

/** Reads one JSON text, fragment by fragment. Made by {@link createJsonReader}. */
export interface JsonReader extends Omit<
  SnapshotReader,
  'container' | 'isComplete' | 'isWide' | 'moment' | 'takeClosed'
> {
  /**
   * Finds the items of an array that are finished, whether or not the array is.
   *
   * @param path - the keys and indices that lead to the array; `[]` for the outermost value
   * @param from - the index of the first item to return
   * @returns the finished items from there on; `undefined` where no array is known to stand
   */
  items(path: JsonPath, from?: number): readonly JsonValue[] | undefined;
}

/**
 * Reads a JSON text that comes in fragments, and says after each fragment what is known.
 *
 * 1. **In the end it is `JSON.parse`.** `end()` returns what `JSON.parse` returns for the whole text. What `JSON.parse`
 *    rejects is rejected, at the first character that no valid text could have there.
 * 2. **A snapshot is a prefix.** A string shows its text so far, never half an escape and never half a surrogate
 *    pair; an array its items, an object its members so far. A member appears when its value begins; a number when it
 *    is known that no digit follows, `true`, `false` and `null` with their last letter. What a snapshot shows, every
 *    later one shows too; only a key that is repeated replaces its value, in its place, as with `JSON.parse`.
 * 3. **Cuts do not matter.** Fragments may be cut anywhere. It changes how many snapshots there are, and nothing else.
 * 4. **A snapshot costs nothing until it is read.** To read one costs what has changed since the last read, and a copy of
 *    the pointers of its open containers. A snapshot never changes: read it when you like. What did not change between
 *    two snapshots is the same object in both (`===`), unless it is a view.
 * 5. **Nothing in a text is special.** `__proto__` is a member like any other. Depth and length have limits, and to
 *    exceed them is an error.
 *
 * Values are plain arrays and objects, not to be changed. Whoever reads every one of tens of thousands of snapshots of a
 * very wide container pays for a square of pointers; `views` avoids that.
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
export function createJsonReader(options?: JsonReaderOptions): JsonReader {
  return new ItemReader(options);
}

class ItemReader extends SnapshotReader implements JsonReader {
  readonly #maxLength: number;

  constructor({ maxLength = 0x4000000, ...options }: JsonReaderOptions = {}) {
    super(options);
    this.#maxLength = maxLength;
  }

  override write(fragment: string): JsonSnapshot {
    const room = this.#maxLength - this.position;
    if (fragment.length <= room) return super.write(fragment);
    super.write(fragment.slice(0, room));
    this.refuse(new StreamError('limit', `The JSON text is longer than ${this.#maxLength} characters`));
  }

  items(path: JsonPath, from = 0): readonly JsonValue[] | undefined {
    return finishedItems(this.container, path, from);
  }
}
