import type { JsonGrowth } from './growth.js';
import type { JsonSnapshot } from './snapshot.js';
import type { JsonValue } from './value.js';

// Node's `inspect` would print `[Getter]`; it calls this with a depth. Without one it gives the snapshot, so that no
// second hidden member is needed, and a getter finds it through a framework's proxy too.
const INSPECT = Symbol.for('nodejs.util.inspect.custom');

interface Lazy<Source> {
  readonly [INSPECT]: () => Source;
}

/** What makes a value when it is asked for. */
interface LateValue {
  readonly value: JsonValue | undefined;
}

// One function for all objects: the engine makes a class for each getter that it has not seen.
function value(this: Lazy<LateValue>): JsonValue | undefined {
  return this[INSPECT]().value;
}

function growth(this: Lazy<JsonSnapshot>): readonly JsonGrowth[] {
  return this[INSPECT]().growth;
}

/** A third of the price of `Object.defineProperty`, which reads a descriptor each time. */
const defineGetter = Reflect.get(Object.prototype, '__defineGetter__') as (
  this: object,
  key: string,
  getter: () => unknown,
) => void;

/**
 * Gives an object two own members that are made when they are read: the value of a snapshot under `key`, and `growth`.
 * It stays plain: a copy, a comparison, `structuredClone` and `JSON.stringify` see both. It takes as long as copying a
 * hundred pointers, so it is for snapshots of wide containers only.
 */
export function lazily(members: object, key: 'input' | 'value', snapshot: JsonSnapshot): object {
  withLate(members, key, snapshot);
  defineGetter.call(members, 'growth', growth);
  return members;
}

/**
 * Gives an object one own member that is made when it is read, as {@link lazily} does.
 *
 * @param members - without that member: to turn one of them into another kind makes a slow object
 */
export function withLate<T extends object>(members: T, key: 'input' | 'value', source: LateValue): T {
  defineGetter.call(members, key, value);
  Object.defineProperty(members, INSPECT, {
    value: (depth?: number) => (depth === undefined ? source : { ...members }),
  });
  return members;
}
