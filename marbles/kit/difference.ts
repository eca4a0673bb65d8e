/** Where two values part: the way to the place, and what stands there in each. */
export interface Difference {
  readonly path: string;
  readonly expected: unknown;
  readonly actual: unknown;
}

/**
 * Finds the first place where two values differ, strictly: a missing member is not an `undefined` one, and two
 * errors are equal only when their fields, causes and partial results are. A member may be one that is made when it
 * is read.
 *
 * @returns the difference, or `undefined` where there is none
 */
export function difference(expected: unknown, actual: unknown, path = ''): Difference | undefined {
  if (Object.is(expected, actual)) return undefined;
  if (!isObject(expected) || !isObject(actual) || kindOf(expected) !== kindOf(actual)) {
    return { path, expected, actual };
  }
  const [wanted, given] = [membersOf(expected), membersOf(actual)];
  for (const key of new Set([...wanted.keys(), ...given.keys()])) {
    const here = `${path}${Array.isArray(expected) ? `[${key}]` : `.${key}`}`;
    if (!given.has(key)) return { path: here, expected: wanted.get(key), actual: MISSING };
    if (!wanted.has(key)) return { path: here, expected: MISSING, actual: given.get(key) };
    const found = difference(wanted.get(key), given.get(key), here);
    if (found) return found;
  }
  return undefined;
}

/** A copy of the value as it stands now, for {@link difference} to find later changes by. */
export function copyOf(value: unknown): unknown {
  if (!isObject(value) || value instanceof Error || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) return value.map(copyOf);
  // By descriptor, so that a member named `__proto__` stays a member.
  const members = Object.keys(value).map((key) => [
    key,
    { value: copyOf(memberOf(value, key)), enumerable: true },
  ]);
  const prototype: unknown = Object.getPrototypeOf(value);
  return Object.create(
    isObject(prototype) ? prototype : null,
    Object.fromEntries(members) as PropertyDescriptorMap,
  );
}

/** Freezes the value and everything in it, so that an operator that writes to its input throws. */
export function deepFreeze<T>(value: T): T {
  // Bytes cannot be frozen, and an error is not the operator's input.
  if (isObject(value) && !ArrayBuffer.isView(value) && !(value instanceof Error) && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const key of Object.keys(value)) deepFreeze(memberOf(value, key));
  }
  return value;
}

const MISSING = Symbol('missing');

/** A value in a line of a report, cut to 120 characters. */
export function show(value: unknown): string {
  if (value === MISSING) return 'nothing';
  if (value instanceof Error) return show(Object.fromEntries(membersOf(value)));
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** An object is its members: that it comes from a class which nobody can name is nobody's concern. */
function kindOf(value: object): unknown {
  return value instanceof Error ? Object.getPrototypeOf(value) : Object.prototype.toString.call(value);
}

function memberOf(value: object, key: string): unknown {
  return Reflect.get(value, key);
}

/** The fields of an error that count, which are not all its own and not all enumerable. */
const ERROR_FIELDS = [
  'name',
  'code',
  'message',
  'retryable',
  'status',
  'errorType',
  'requestId',
  'retryAfterMs',
  'kind',
  'timeoutMs',
];

function membersOf(value: object): Map<string, unknown> {
  const keys = value instanceof Error ? [...ERROR_FIELDS, 'raw', 'cause', 'partial'] : Object.keys(value);
  const present = value instanceof Error ? keys.filter((key) => memberOf(value, key) !== undefined) : keys;
  return new Map(present.map((key) => [key, memberOf(value, key)]));
}
