import { isObservable, tap, type MonoTypeOperatorFunction } from 'rxjs';
import { difference } from './difference.js';
import { isError, isObject, memberOf, tagOf } from './members.js';
import { showDifference } from './show.js';

/** Remembers values as they were when they were emitted. */
export class Watch {
  readonly #seen: { readonly value: unknown; readonly copy: unknown }[] = [];

  /** Passes everything on, and copies each value. */
  on<T>(): MonoTypeOperatorFunction<T> {
    return tap((value) => this.#seen.push({ value, copy: copyOf(value) }));
  }

  /** Names the first value that is no longer as it was; `undefined` if all are. */
  changes(): string | undefined {
    for (const [nth, { value, copy }] of this.#seen.entries()) {
      const found = difference(copy, value);
      if (!found) continue;
      const { place, expected, actual } = showDifference(found);
      return `Value ${nth} changed after it was emitted, at ${place}: was ${expected}, is ${actual}`;
    }
    return undefined;
  }
}

/**
 * A copy of the value as it stands now. Only arrays and objects with members of their own are copied: what is something
 * else may be a machine, and is not looked into.
 */
export function copyOf(value: unknown, copies = new Map<object, object>()): unknown {
  if (!isObject(value) || isError(value) || isObservable(value)) return value;
  const known = copies.get(value);
  if (known || !['Array', 'Object'].includes(tagOf(value))) return known ?? value;
  const copy = (Array.isArray(value) ? [] : Object.create(Reflect.getPrototypeOf(value))) as object;
  copies.set(value, copy);
  for (const key of Object.keys(value)) {
    // By descriptor, so that a member named `__proto__` stays a member.
    Object.defineProperty(copy, key, { value: copyOf(memberOf(value, key), copies), enumerable: true });
  }
  return copy;
}
