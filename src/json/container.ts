import { defineMember, type JsonArray, type JsonObject, type JsonValue } from './value.js';

/**
 * One container that is open, or was. Its stores are only ever appended to, so that all snapshots can share them:
 * a snapshot sees its first `count` members, and perhaps a member after them that is itself still open.
 */
export class Container {
  /** The finished members, in the order of the text. */
  readonly items: JsonValue[] = [];
  /** The keys of an object, in the order of the text, one for each member and perhaps more; `undefined` in an array. */
  keys: string[] | undefined;
  /** How many containers it stands in. */
  readonly depth: number;
  /** How many members the containers around it have that were finished before it began. */
  readonly around: number;
  /** The keys of the last object that was closed in here. */
  #pattern: string[] | undefined = undefined;
  /**
   * Whether a key is one that `Object.prototype` has, so that an assignment might not make a member of it, or one that
   * needs escapes, so that the text does not spell it as it is.
   */
  #hasOddKey = false;
  /** The value that was shown last; once the container is closed, its final value. */
  #shown: JsonArray | JsonObject | undefined = undefined;
  #shownAt = -1;
  /** How many finished members `#shown` has. */
  #shownCount = 0;
  #isClosed = false;
  /** Where each key stands, of the first `#indexed` members; only views need it. */
  #positions: Map<string, number> | undefined = undefined;
  #indexed = 0;

  /**
   * @param parent - the container it stands in; none for the one around the outermost value
   * @param index - how many members come before it there
   * @param isObject - whether it is an object, not an array
   */
  constructor(
    readonly parent: Container | undefined,
    readonly index: number,
    isObject: boolean,
  ) {
    this.keys = isObject ? (parent === undefined ? [] : (parent.#pattern ?? [])) : undefined;
    this.depth = parent === undefined ? 0 : parent.depth + 1;
    this.around = parent === undefined ? 0 : parent.around + index + 1;
  }

  /**
   * Adds the key of an object's next member, which stays unseen until its value begins. Objects in one container
   * mostly have the same keys, so each begins with the array of keys of the one before and shares it for as long as
   * they agree. A key that `Object.prototype` has, or that needs escapes, is never shared, so that it is seen each
   * time.
   */
  addKey(key: string): void {
    const { keys = [] } = this;
    const at = this.items.length;
    if (keys[at] === key) return;
    const isOdd = key in Object.prototype || JSON.stringify(key).length > key.length + 2;
    if (isOdd || keys.length > at) this.keys = keys.slice(0, at);
    this.keys?.push(key);
    this.#hasOddKey ||= isOdd;
  }

  /**
   * Its value as it was, a plain copy that is remembered for as long as nothing changes.
   *
   * @param count - how many members were finished
   * @param tail - the member after them, if one was open
   * @param version - when that was
   */
  at(count: number, tail: JsonValue | undefined, version: number): JsonArray | JsonObject {
    if (this.#shown !== undefined && this.#shownAt === version) return this.#shown;
    // An old snapshot may be looked at after a newer one.
    if (this.#isClosed || version < this.#shownAt) return this.copy(count, tail);
    const value =
      this.#shown === undefined
        ? this.copy(count, tail)
        : this.#copy(count, tail, this.#shown, this.#shownCount);
    this.#shown = value;
    this.#shownAt = version;
    this.#shownCount = count;
    return value;
  }

  /**
   * Its final value: what was shown last, if nothing has changed since, so that it stays the same object.
   *
   * @param version - the version now
   */
  close(version: number): JsonArray | JsonObject {
    // Nothing more is added to an array's own store, so that it needs no copy.
    if (this.keys === undefined && this.#shownAt !== version) this.#shown = this.items;
    else this.at(this.items.length, undefined, version);
    this.#shownAt = version;
    this.#isClosed = true;
    if (this.parent !== undefined && !this.#hasOddKey) this.parent.#pattern = this.keys;
    return this.#shown ?? this.items;
  }

  /** A plain copy of its first `count` members and the `tail`. */
  copy(count: number, tail: JsonValue | undefined): JsonArray | JsonObject {
    return this.#copy(count, tail, {}, 0);
  }

  /**
   * Where the last member of that name stands among all members up to the `count`th, or any later one.
   *
   * @returns its position, which may be `count` or more if a later member has that name; -1 if none has it
   */
  find(key: string, count: number): number {
    const { keys = [] } = this;
    const positions = (this.#positions ??= new Map<string, number>());
    for (; this.#indexed < count; this.#indexed += 1) positions.set(keys[this.#indexed] ?? '', this.#indexed);
    return positions.get(key) ?? -1;
  }

  /** As `copy`; of an object, an earlier copy with its first `from` members saves setting these one by one. */
  #copy(
    count: number,
    tail: JsonValue | undefined,
    earlier: JsonArray | JsonObject,
    from: number,
  ): JsonArray | JsonObject {
    const { items, keys } = this;
    const length = tail === undefined ? count : count + 1;
    if (keys === undefined) {
      // One slice of the right size: a `push` after it would copy everything again.
      if (tail !== undefined && items.length === count) return items.concat([tail]);
      const copy = items.slice(0, length);
      if (tail !== undefined) copy[count] = tail;
      return copy;
    }
    const copy: Record<string, JsonValue> = { ...(earlier as JsonObject) };
    for (let at = from; at < length; at += 1) {
      const key = keys[at] ?? '';
      const value = at === count ? (tail ?? null) : (items[at] ?? null);
      if (this.#hasOddKey) defineMember(copy, key, value);
      else copy[key] = value;
    }
    return copy;
  }
}

/** A container and those that it stands in, by their depth. */
export function chainOf(innermost: Container): readonly Container[] {
  const chain = [innermost];
  for (let { parent } = innermost; parent !== undefined; { parent } = parent) chain.push(parent);
  return chain.reverse();
}
