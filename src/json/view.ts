import { defineMember, type JsonArray, type JsonObject, type JsonValue } from './value.js';

/** What a view looks into: the first `count` members of it never change. */
export interface MemberStore {
  readonly items: readonly JsonValue[];
  readonly keys: readonly string[] | undefined;
  /** The position of the last member of that name; `count` or more if a later member has it, -1 if none has. */
  find(key: string, count: number): number;
  /** A plain copy of the first `count` members and the `tail`. */
  copy(count: number, tail: JsonValue | undefined): JsonArray | JsonObject;
}

/**
 * Shows the first `count` members of an array, and the `tail` after them, without copying them: the length and the
 * items are looked up in the store. Whatever else is asked makes the copy, once.
 */
export function viewArray(store: MemberStore, count: number, tail: JsonValue | undefined): JsonArray {
  const target: JsonValue[] = [];
  Object.setPrototypeOf(target, drawnArray);
  return new Proxy(target, new ArrayView(store, count, tail));
}

/** Shows the first `count` members of an object, and the `tail` after them, as {@link viewArray} does. */
export function viewObject(store: MemberStore, count: number, tail: JsonValue | undefined): JsonObject {
  const target: Record<string, JsonValue> = {};
  Object.setPrototypeOf(target, drawnObject);
  return new Proxy(target, new ObjectView(store, count, tail));
}

abstract class View<T extends object> implements ProxyHandler<T> {
  /** Gone once the members have been copied into the target. */
  #store: MemberStore | undefined;

  constructor(
    store: MemberStore,
    readonly count: number,
    readonly tail: JsonValue | undefined,
    readonly prototype: object,
  ) {
    this.#store = store;
  }

  /** @returns a member found without a copy; `undefined` if there is none, or if only the copy can tell */
  protected abstract find(store: MemberStore, target: T, key: string): JsonValue | undefined;

  get(target: T, key: string | symbol, receiver: unknown): unknown {
    const found = this.#store && typeof key === 'string' ? this.find(this.#store, target, key) : undefined;
    return found === undefined ? Reflect.get(target, key, receiver) : found;
  }

  getPrototypeOf(target: T): object | null {
    return this.#store === undefined ? Reflect.getPrototypeOf(target) : this.prototype;
  }

  has(target: T, key: string | symbol): boolean {
    return Reflect.has(this.fill(target), key);
  }

  ownKeys(target: T): (string | symbol)[] {
    return Reflect.ownKeys(this.fill(target));
  }

  getOwnPropertyDescriptor(target: T, key: string | symbol): PropertyDescriptor | undefined {
    return Reflect.getOwnPropertyDescriptor(this.fill(target), key);
  }

  set(target: T, key: string | symbol, value: unknown): boolean {
    return Reflect.set(this.fill(target), key, value);
  }

  defineProperty(target: T, key: string | symbol, descriptor: PropertyDescriptor): boolean {
    return Reflect.defineProperty(this.fill(target), key, descriptor);
  }

  deleteProperty(target: T, key: string | symbol): boolean {
    return Reflect.deleteProperty(this.fill(target), key);
  }

  preventExtensions(target: T): boolean {
    return Reflect.preventExtensions(this.fill(target));
  }

  /** Makes the target what the view shows. From then on the proxy only passes on. */
  protected fill(target: T): T {
    const store = this.#store;
    if (store === undefined) return target;
    this.#store = undefined;
    Object.setPrototypeOf(target, this.prototype);
    for (const [key, value] of Object.entries(store.copy(this.count, this.tail)))
      defineMember(target, key, value);
    return target;
  }
}

class ArrayView extends View<JsonValue[]> {
  constructor(store: MemberStore, count: number, tail: JsonValue | undefined) {
    super(store, count, tail, Array.prototype);
  }

  protected find(store: MemberStore, _target: JsonValue[], key: string): JsonValue | undefined {
    if (key === 'length') return this.tail === undefined ? this.count : this.count + 1;
    const index = Number(key);
    if (index === this.count && key === String(index)) return this.tail;
    return index >= 0 && index < this.count && key === String(index) ? store.items[index] : undefined;
  }
}

class ObjectView extends View<Record<string, JsonValue>> {
  constructor(store: MemberStore, count: number, tail: JsonValue | undefined) {
    super(store, count, tail, Object.prototype);
  }

  protected find(store: MemberStore, target: Record<string, JsonValue>, key: string): JsonValue | undefined {
    if (this.tail !== undefined && key === store.keys?.[this.count]) return this.tail;
    const position = store.find(key, this.count);
    if (position < this.count) return store.items[position];
    // A later member has that name: only a copy can tell whether an earlier one has it too.
    this.fill(target);
    return undefined;
  }
}

// Node's `inspect` looks through a proxy at its target, which is empty until it has been filled. It also asks the
// target how it wants to be drawn, and is told: as a copy of what the proxy shows.
const INSPECT = Symbol.for('nodejs.util.inspect.custom');

const drawnArray = {
  __proto__: Array.prototype,
  [INSPECT](this: JsonArray): JsonArray {
    return [...this];
  },
};

const drawnObject = {
  __proto__: Object.prototype,
  [INSPECT](this: JsonObject): JsonObject {
    return { ...this };
  },
};
