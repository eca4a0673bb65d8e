/** A value that JSON can spell. */
export type JsonValue = null | boolean | number | string | JsonArray | JsonObject;

/** An array that JSON can spell. */
export type JsonArray = readonly JsonValue[];

/** An object that JSON can spell. */
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** Where a value stands: the keys and indices that lead to it from the outermost value, which is at `[]`. */
export type JsonPath = readonly (string | number)[];

/** Makes `key` an own member whatever it is called; an assignment to `__proto__` would set the prototype. */
export function defineMember(target: object, key: string, value: JsonValue): void {
  Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
}
