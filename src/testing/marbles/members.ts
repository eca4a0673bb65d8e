/** What stands in a value: each member under its key. */
export type Members = ReadonlyMap<unknown, unknown>;

/** The fields of an error that are shown first, and those shown last; some are accessors of its class. */
const FIRST = ['name', 'code', 'message'];
const LAST = ['cause', 'errors', 'raw', 'partial'];

/**
 * Looks into a value: an object is its own enumerable members, an error also its message, cause and partial result,
 * a collection what it holds. `undefined` for what cannot be looked into, such as a promise.
 */
export function membersOf(value: object): Members | undefined {
  if (isError(value)) return fieldsOf(value);
  if (isMap(value)) return value;
  if (ArrayBuffer.isView(value))
    return sequence(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  if (tagOf(value) === 'ArrayBuffer') return sequence(new Uint8Array(value as ArrayBuffer));
  const keys = Object.keys(value);
  if (keys.length > 0 || Array.isArray(value) || tagOf(value) === 'Object') {
    return new Map(keys.map((key) => [key, memberOf(value, key)]));
  }
  return isCollection(value) ? sequence(value) : undefined;
}

/** What stands for a value that has no members but can be written: a date, a URL, a regular expression. */
export function spellingOf(value: object): string | undefined {
  if (tagOf(value) === 'RegExp') return RegExp.prototype.toString.call(value);
  if (Object.keys(value).length > 0 || tagOf(value) === 'Object' || !hasJson(value)) return undefined;
  return String(value.toJSON());
}

function hasJson(value: object): value is { toJSON(): unknown } {
  return 'toJSON' in value && typeof value.toJSON === 'function';
}

/** The member of that name, an accessor of the class too. */
export function memberOf(value: object, key: string): unknown {
  return Reflect.get(value, key);
}

/** The name that a built-in class gives its objects: `Object`, `Array`, `Date`, `Uint8Array`, … */
export function tagOf(value: object): string {
  return Object.prototype.toString.call(value).slice('[object '.length, -1);
}

/** Whether this is an error, of whichever realm: a test runner may have one of its own. */
export function isError(value: unknown): value is Error {
  return value instanceof Error || (isObject(value) && tagOf(value) === 'Error');
}

/** Whether this is a map, of whichever realm. */
export function isMap(value: object): value is ReadonlyMap<unknown, unknown> {
  return tagOf(value) === 'Map';
}

/** Whether this is a set, of whichever realm. */
export function isSet(value: object): value is ReadonlySet<unknown> {
  return tagOf(value) === 'Set';
}

/** The name of an error's class, which may differ from its `name`. */
export function classOf(error: Error): string {
  const name: unknown = error.constructor?.name;
  return typeof name === 'string' && name !== '' ? name : error.name;
}

/** Whether there is something to look into. */
export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function fieldsOf(error: Error): Members {
  const own = Object.keys(error).filter((key) => !FIRST.includes(key) && !LAST.includes(key));
  const present = [...FIRST, ...own, ...LAST].filter((key) => memberOf(error, key) !== undefined);
  return new Map(present.map((key) => [key, memberOf(error, key)]));
}

/** An iterator would be used up by being looked into. */
function isCollection(value: object): value is Iterable<unknown> {
  return Symbol.iterator in value && !('next' in value);
}

function sequence(values: Iterable<unknown>): Members {
  return new Map([...values].entries());
}
