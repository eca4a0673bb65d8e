import type { JsonGrowth } from './growth.js';
import type { JsonSnapshot } from './snapshot.js';
import type { JsonValue } from './value.js';

// Node's `inspect` would print `[Getter]`; it calls this with a depth. Without one it gives the snapshot, so that no
// second hidden member is needed, and a getter finds it through a framework's proxy too.
const INSPECT = Symbol.for('nodejs.util.inspect.custom');

interface Lazy {
  readonly [INSPECT]: () => JsonSnapshot;
}

function value(this: Lazy): JsonValue | undefined {
  return this[INSPECT]().value;
}

function growth(this: Lazy): readonly JsonGrowth[] {
  return this[INSPECT]().growth;
}

type DefineGetter = (this: object, key: string, getter: () => unknown) => void;

/**
 * Gives an object two own members that are made when they are read: the value of a snapshot under `key`, and `growth`.
 * It stays plain: a copy, a comparison, `structuredClone` and `JSON.stringify` see both. It takes as long as copying a
 * hundred pointers, so it is for snapshots of wide containers only.
 */
export function lazily(members: object, key: 'input' | 'value', snapshot: JsonSnapshot): object {
  Object.defineProperty(members, INSPECT, {
    value: (depth?: number) => (depth === undefined ? snapshot : { ...members }),
  });
  // A third of the price of `Object.defineProperty`, which reads a descriptor each time.
  const defineGetter = Reflect.get(members, '__defineGetter__') as DefineGetter;
  defineGetter.call(members, key, value);
  defineGetter.call(members, 'growth', growth);
  return members;
}
