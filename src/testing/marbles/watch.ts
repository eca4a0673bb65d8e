import { isObservable, tap, type MonoTypeOperatorFunction } from 'rxjs';
import { difference } from './difference.js';
import { isError, isObject, memberOf, tagOf } from './members.js';
import { showDifference } from './show.js';

/** Remembers values as they were when they were emitted. */
export class Watch {
  readonly #seen: { readonly value: unknown; readonly copy: unknown }[] = [];

  /** Lets everything pass, and copies each value. */
  on<T>(): MonoTypeOperatorFunction<T> {
    return tap((value) => this.#seen.push({ value, copy: copyOf(value) }));
  }

  /** Names the first value that is no longer as it was; `undefined` where all are. */
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
 * A copy of the value as it stands now, for {@link difference} to find later changes by. Only objects with members of
 * their own and arrays are copied: what is something else may be a machine, and is not looked into.
 */
export function copyOf(value: unknown): unknown {
  return copied(value, new Map());
}

function copied(value: unknown, copies: Map<object, unknown>): unknown {
  if (!isObject(value) || isError(value) || isObservable(value)) return value;
  if (copies.has(value)) return copies.get(value);
  if (Array.isArray(value)) {
    const copy: unknown[] = [];
    copies.set(value, copy);
    for (const member of value) copy.push(copied(member, copies));
    return copy;
  }
  if (tagOf(value) !== 'Object') return value;
  const prototype: unknown = Object.getPrototypeOf(value);
  const copy = Object.create(isObject(prototype) ? prototype : null) as object;
  copies.set(value, copy);
  for (const key of Object.keys(value)) {
    // By descriptor, so that a member named `__proto__` stays a member.
    Object.defineProperty(copy, key, { value: copied(memberOf(value, key), copies), enumerable: true });
  }
  return copy;
}
