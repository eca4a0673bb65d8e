import { plainEnd } from './scan.js';
import { defineMember, type JsonArray, type JsonObject, type JsonValue } from './value.js';
import { viewArray, viewObject } from './view.js';

/** What copying one member of an object costs, in items of an array. */
const MEMBER_COST = 8;

/**
 * One container that is open, or was. Its stores are only ever appended to, so that all snapshots can share them:
 * to a snapshot it is its first `count` members, and perhaps a member after them that is itself still open.
 */
export class Frame {
  /** The finished members, in the order of the text. */
  readonly items: JsonValue[] = [];
  /** The keys of an object, in the order of the text, one for each member and perhaps more; `undefined` in an array. */
  keys: string[] | undefined;
  /** How many containers it stands in. */
  readonly depth: number;
  /** The keys of the last object that was closed in here. */
  #pattern: string[] | undefined = undefined;
  /**
   * Whether a key is one that `Object.prototype` knows, so that an assignment might not make a member of it, or one that
   * needs escapes, so that the text does not say it as it is.
   */
  #hasOddKey = false;
  #closed: JsonArray | JsonObject | undefined = undefined;
  #closedAt = -1;
  #shown: JsonArray | JsonObject | undefined = undefined;
  #shownAt = -1;
  /** Where each key stands, of the first `#indexed` members; only made for a view. */
  #positions: Map<string, number> | undefined = undefined;
  #indexed = 0;

  /**
   * @param parent - the container it stands in; none for the frame around the outermost value
   * @param index - how many members come before it there
   * @param isObject - whether it is an object, not an array
   */
  constructor(
    readonly parent: Frame | undefined,
    readonly index: number,
    isObject: boolean,
  ) {
    this.keys = isObject ? (parent === undefined ? [] : (parent.#pattern ?? [])) : undefined;
    this.depth = parent === undefined ? 0 : parent.depth + 1;
  }

  /**
   * Adds the key of an object's next member, which stays unseen until its value begins. Objects in one container
   * mostly have the same keys, so each begins with the array of keys of the one before and shares it for as long as
   * they agree. A key that `Object.prototype` knows, or that needs escapes, is never shared, so that it is seen each
   * time.
   */
  addKey(key: string): void {
    const { keys = [] } = this;
    const at = this.items.length;
    if (keys[at] === key) return;
    const isOdd = key in Object.prototype || plainEnd(key, 0) < key.length;
    if (isOdd || keys.length > at) this.keys = keys.slice(0, at);
    this.keys?.push(key);
    this.#hasOddKey ||= isOdd;
  }

  /** What copying its first `count` members costs, in items of an array. */
  cost(count: number): number {
    return this.keys === undefined ? count : count * MEMBER_COST;
  }

  /**
   * Its value as it was.
   *
   * @param count - how many members were finished
   * @param tail - the member after them, if one was open
   * @param version - when that was
   * @param copy - whether to copy the members, or to show them through a view
   */
  at(count: number, tail: JsonValue | undefined, version: number, copy: boolean): JsonArray | JsonObject {
    if (this.#closed !== undefined && this.#closedAt === version) return this.#closed;
    if (!copy) return this.keys === undefined ? viewArray(this, count, tail) : viewObject(this, count, tail);
    const value = this.copy(count, tail);
    // An old snapshot may be looked at after a newer one.
    if (this.#closed === undefined && version >= this.#shownAt) {
      this.#shown = value;
      this.#shownAt = version;
    }
    return value;
  }

  /**
   * Its final value: what was shown last, if nothing has changed since, so that it stays the same object.
   *
   * @param version - the version now
   */
  close(version: number): JsonArray | JsonObject {
    this.#closed =
      (this.#shownAt === version ? this.#shown : undefined) ?? this.copy(this.items.length, undefined);
    this.#closedAt = version;
    this.#shown = undefined;
    if (this.parent !== undefined && !this.#hasOddKey) this.parent.#pattern = this.keys;
    return this.#closed;
  }

  /** A plain copy of its first `count` members and the `tail`. */
  copy(count: number, tail: JsonValue | undefined): JsonArray | JsonObject {
    return this.keys === undefined ? this.#copyItems(count, tail) : this.#copyMembers(this.keys, count, tail);
  }

  /**
   * Where the last member of that name stands among all members up to the `count`th, or any later one.
   *
   * @returns its position, which may be `count` or more if a later member has that name; -1 if none has it
   */
  find(key: string, count: number): number {
    const { keys = [] } = this;
    const positions = (this.#positions ??= new Map<string, number>());
    for (let at = this.#indexed; at < count; at += 1) positions.set(keys[at] ?? '', at);
    this.#indexed = Math.max(this.#indexed, count);
    return positions.get(key) ?? -1;
  }
  #copyItems(count: number, tail: JsonValue | undefined): JsonArray {
    const { items } = this;
    if (tail === undefined) return items.slice(0, count);
    if (items.length === count) return items.concat([tail]);
    // One slice of the right size: a `push` after it would copy everything again.
    const copy = items.slice(0, count + 1);
    copy[count] = tail;
    return copy;
  }

  #copyMembers(keys: readonly string[], count: number, tail: JsonValue | undefined): JsonObject {
    const { items } = this;
    const copy: Record<string, JsonValue> = {};
    const length = tail === undefined ? count : count + 1;
    for (let at = 0; at < length; at += 1) {
      const key = keys[at] ?? '';
      const value = at === count && tail !== undefined ? tail : (items[at] ?? null);
      if (this.#hasOddKey) defineMember(copy, key, value);
      else copy[key] = value;
    }
    return copy;
  }
}
