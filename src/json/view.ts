import type { Container } from './container.js';
import { defineMember, type JsonArray, type JsonObject, type JsonValue } from './value.js';

// Node's `inspect` looks through a proxy at its target, which is empty until it has been filled. It also asks the
// target how it is to be drawn.
const INSPECT = Symbol.for('nodejs.util.inspect.custom');

const DRAWN: PropertyDescriptor = {
  configurable: true,
  value(this: JsonArray | JsonObject) {
    return isArray(this) ? [...this] : { ...this };
  },
};

/**
 * Shows the first `count` members of a container, and the `tail` after them, without copying them: the length and the
 * members are looked up in the container. Whatever else is asked makes the copy, once.
 */
export function viewOf(
  container: Container,
  count: number,
  tail: JsonValue | undefined,
): JsonArray | JsonObject {
  const target: JsonArray | JsonObject = container.keys === undefined ? [] : {};
  Object.defineProperty(target, INSPECT, DRAWN);
  return new Proxy(target, new View(container, count, tail));
}

class View implements ProxyHandler<JsonArray | JsonObject> {
  /** Gone once the members have been copied into the target. */
  #container: Container | undefined;
  readonly #count: number;
  readonly #tail: JsonValue | undefined;

  constructor(container: Container, count: number, tail: JsonValue | undefined) {
    this.#container = container;
    this.#count = count;
    this.#tail = tail;
  }

  get(target: JsonArray | JsonObject, key: string | symbol, receiver: unknown): unknown {
    const found = typeof key === 'string' ? this.#find(target, key) : undefined;
    return found === undefined ? Reflect.get(target, key, receiver) : found;
  }

  // Whatever else is asked of a view is asked of the copy.

  has(target: JsonArray | JsonObject, key: string | symbol): boolean {
    return Reflect.has(this.#fill(target), key);
  }

  ownKeys(target: JsonArray | JsonObject): (string | symbol)[] {
    return Reflect.ownKeys(this.#fill(target));
  }

  getOwnPropertyDescriptor(
    target: JsonArray | JsonObject,
    key: string | symbol,
  ): PropertyDescriptor | undefined {
    return Reflect.getOwnPropertyDescriptor(this.#fill(target), key);
  }

  set(target: JsonArray | JsonObject, key: string | symbol, value: unknown): boolean {
    return Reflect.set(this.#fill(target), key, value);
  }

  defineProperty(target: JsonArray | JsonObject, key: string | symbol, to: PropertyDescriptor): boolean {
    return Reflect.defineProperty(this.#fill(target), key, to);
  }

  deleteProperty(target: JsonArray | JsonObject, key: string | symbol): boolean {
    return Reflect.deleteProperty(this.#fill(target), key);
  }

  preventExtensions(target: JsonArray | JsonObject): boolean {
    return Reflect.preventExtensions(this.#fill(target));
  }

  /** Makes the target what the view shows. From then on the proxy only passes on. */
  #fill(target: JsonArray | JsonObject): object {
    const container = this.#container;
    if (container === undefined) return target;
    this.#container = undefined;
    Reflect.deleteProperty(target, INSPECT);
    for (const [key, value] of Object.entries(container.copy(this.#count, this.#tail)))
      defineMember(target, key, value);
    return target;
  }

  /** @returns a member found without a copy; `undefined` if there is none, or if only the copy can say */
  #find(target: JsonArray | JsonObject, key: string): JsonValue | undefined {
    const container = this.#container;
    const count = this.#count;
    if (container === undefined) return undefined;
    let at = Number(key);
    if (container.keys === undefined) {
      if (key === 'length') return this.#tail === undefined ? count : count + 1;
      if (String(at) !== key || at > count) return undefined;
    } else {
      at = this.#tail !== undefined && key === container.keys[count] ? count : container.find(key, count);
      // A later member has that name: only a copy can say whether an earlier one has it too.
      if (at > count || (at === count && this.#tail === undefined)) this.#fill(target);
    }
    return at < count ? container.items[at] : this.#tail;
  }
}

function isArray(value: JsonArray | JsonObject): value is JsonArray {
  return Array.isArray(value);
}
