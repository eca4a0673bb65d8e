/**
 * Freezes the plain objects and arrays of a value, all through, so that an operator that writes to its input throws.
 * Errors, bytes and what has a class of its own are left as they are.
 */
export function deepFreeze<T>(value: T): T {
  if (isPlain(value) && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const key of Object.keys(value)) deepFreeze<unknown>(Reflect.get(value, key));
  }
  return value;
}

/** Whether this is an array, or an object that no class made, of whichever realm. */
function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
