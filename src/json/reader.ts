import type { StreamError } from '../errors/streamError.js';
import { finishedItems } from './finished.js';
import { Moment, momentOf } from './moment.js';
import { Parser } from './parser.js';
import { Passage } from './passage.js';
import { LazySnapshot, Step, type JsonSnapshot, type SnapshotSource } from './snapshot.js';
import type { JsonPath, JsonValue } from './value.js';

/**
 * So many characters wait for somebody to look at what they show. Then they are read in any case: an error is not found
 * much later than it came, and to look at an old snapshot is never to read more than this again.
 */
const MOST_WAITING = 4096;

/** Limits of a {@link JsonReader}. */
export interface JsonReaderOptions {
  /** The most containers within each other. Default 512. */
  readonly maxDepth?: number | undefined;
  /** The longest text, in UTF-16 code units. Default 67,108,864 (64 Mi). */
  readonly maxLength?: number | undefined;
  /**
   * Shows a container of more than 64 members, while it is open, through a read-only view instead of a copy. Time is
   * linear then even for whoever reads every snapshot of a very wide container. A view is a `Proxy` and not plain:
   * `structuredClone`, `postMessage` and Immer refuse it. Default `false`.
   */
  readonly views?: boolean | undefined;
}

/** Reads one JSON text, fragment by fragment. Made by {@link createJsonReader}. */
export interface JsonReader {
  /** What is known now. */
  readonly snapshot: JsonSnapshot;
  /** What is certain: every member that is finished. Unlike `snapshot.value`, without the string that is open. */
  readonly settled: JsonValue | undefined;
  /** The index of the next character to come; after a failure, of the first that cannot stand where it stands. */
  readonly position: number;
  /** What is wrong with the text, if it is known to be no JSON, or too deep or too long; all that waits is read for it. */
  readonly failure: StreamError | undefined;
  /**
   * Takes the next part of the text. It is read when somebody looks at what it shows, or when 4,096 characters wait.
   *
   * @param fragment - the next part, of any length
   * @returns what is known now
   * @throws StreamError `malformed` if the text is known to be no JSON, `limit` if it is too deep or too long; again with
   *   every further call. What is wrong with a part that waits is thrown later, at the end at the latest; `failure` tells
   *   it at once. `snapshot` shows what came before the offending character.
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
export function createJsonReader(options: JsonReaderOptions = {}): JsonReader {
  idleReader();
  return new SnapshotReader(options);
}

/** From how many members of open containers on a snapshot is wide: to read it costs more than to leave it for later. */
const WIDE = 64;

/**
 * Fragments that nobody looks at are read as one, which takes half the time, or with the engine's own parser in a long
 * string, a fourth. What they show then has to be found out when it is asked for: {@link Passage}.
 */
export class SnapshotReader implements JsonReader, SnapshotSource {
  readonly #maxLength: number;
  readonly #parser: Parser;
  /** The first of those whose fragments wait to be read; the last is `#snapshot`. */
  #first: LazySnapshot | undefined = undefined;
  /** How much longer what waits may become. */
  #room: number;
  /** What is known of all that was read. */
  #moment: Moment;
  #snapshot: LazySnapshot | undefined = undefined;

  constructor({ maxDepth = 512, maxLength = 0x4000000, views = false }: JsonReaderOptions) {
    this.#maxLength = maxLength;
    this.#room = Math.min(MOST_WAITING, maxLength);
    this.#parser = new Parser(maxDepth);
    this.#moment = new Moment(this.#parser.container, 0, undefined, 0, views);
  }

  get snapshot(): JsonSnapshot {
    return this.#snapshot ?? idleReader().snapshot;
  }

  /** Whether wide containers were open where the text was last read. */
  get isWide(): boolean {
    const { container } = this.#parser;
    return container.around + container.items.length > WIDE;
  }

  get settled(): JsonValue | undefined {
    this.show();
    return this.#moment.settled;
  }

  get position(): number {
    this.show();
    return this.#parser.position;
  }

  get failure(): StreamError | undefined {
    this.show();
    return this.#parser.failure;
  }

  write(fragment: string): JsonSnapshot {
    if (fragment.length >= this.#room) return this.#writeAndRead(fragment);
    // One more than its length, so that no number of empty ones waits without end.
    this.#room -= fragment.length + 1;
    const snapshot = new LazySnapshot(fragment, this);
    this.#wait(snapshot);
    return snapshot;
  }

  items(path: JsonPath, from = 0): readonly JsonValue[] | undefined {
    this.show();
    return finishedItems(this.#parser.container, path, from);
  }

  end(): JsonValue {
    const parser = this.#parser;
    this.show();
    parser.end();
    this.#raiseFailure();
    const moment = momentOf(parser, this.#moment);
    this.#snapshot = new LazySnapshot('', new Step(moment, this.#moment, ''));
    this.#moment = moment;
    return moment.value ?? null;
  }

  /** Reads what waits: a single fragment by itself, several as one. */
  show(): void {
    const first = this.#first;
    if (first === undefined) return;
    this.#first = undefined;
    if (first === this.#snapshot) this.#readAlone(first);
    else this.#readAhead(first);
    const { failure, position } = this.#parser;
    this.#room = failure === undefined ? Math.min(MOST_WAITING, this.#maxLength - position) : 0;
  }

  /** Writes the fragment that is one too many to wait, or the last that is allowed, or one after a failure. */
  #writeAndRead(fragment: string): JsonSnapshot {
    this.show();
    this.#raiseFailure();
    const room = this.#maxLength - this.#parser.position;
    const snapshot = new LazySnapshot(fragment.slice(0, room), this);
    this.#wait(snapshot);
    this.show();
    if (fragment.length > room) this.#parser.endTooLong(this.#maxLength);
    this.#raiseFailure();
    return snapshot;
  }

  #wait(snapshot: LazySnapshot): void {
    if (this.#first === undefined) this.#first = snapshot;
    else if (this.#snapshot !== undefined) this.#snapshot.next = snapshot;
    this.#snapshot = snapshot;
  }

  #readAlone(snapshot: LazySnapshot): void {
    const grown = this.#parser.read(snapshot.fragment);
    const before = this.#moment;
    this.#moment = momentOf(this.#parser, before);
    snapshot.ask(new Step(this.#moment, before, grown));
  }

  #readAhead(first: LazySnapshot): void {
    let text = '';
    for (let next: LazySnapshot | undefined = first; next !== undefined; next = next.next)
      text += next.fragment;
    const before = this.#moment;
    const parser = this.#parser;
    const follower = parser.readAhead(text);
    this.#moment = momentOf(parser, before);
    const passage = new Passage(first, follower, before, this.#moment);
    if (parser.failure === undefined) return;
    // An error quotes its own fragment, and no other.
    passage.show();
    parser.failure = follower.failure;
  }

  #raiseFailure(): void {
    const { failure } = this.#parser;
    if (failure !== undefined) throw failure;
  }
}

let idle: JsonReader | undefined;

/**
 * A reader that never reads anything. V8 drops compiled code together with the last instance of a class, so that a program
 * which reads a text now and then would start cold after every garbage collection. This reader stays, and prevents that. It
 * is made with the first one, and not at import, so that a page that reads no JSON does not bundle it.
 */
function idleReader(): JsonReader {
  if (idle === undefined) {
    idle = new SnapshotReader({});
    idle.write('');
  }
  return idle;
}
