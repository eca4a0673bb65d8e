import { classOf, isError, isMap, isObject, isSet, membersOf, spellingOf, tagOf } from './members.js';

/** Where two values differ: the path to the place, such as `.content[0].text`, and what stands there in each. */
export interface Difference {
  readonly path: string;
  readonly expected: unknown;
  readonly actual: unknown;
}

/** Stands in a {@link Difference} for a missing member, which is not the same as `undefined`. */
export const MISSING: unique symbol = Symbol('missing');

/**
 * Finds the first place where two values differ, strictly: a missing member is not an `undefined` one, `0` is not
 * `-0`, and two errors are equal only when their classes, codes, messages and all other fields are, causes and partial
 * results too. Other objects are compared by their members, whatever their class. Getters are read, and a value may
 * contain itself.
 *
 * ```ts
 * import { StreamError } from 'rxjs-llm-stream';
 * import { difference } from 'rxjs-llm-stream/testing';
 *
 * difference(new StreamError('api', 'no'), new StreamError('limit', 'no'));
 * // { path: '.code', expected: 'api', actual: 'limit' }
 * ```
 *
 * @param expected - how it should be
 * @param actual - how it is
 * @returns the difference, or `undefined` where there is none
 */
export function difference(expected: unknown, actual: unknown): Difference | undefined {
  return between(expected, actual, '', new Map());
}

/** The pairs that have been compared: a value that contains itself is compared once. */
type Compared = Map<object, Set<object>>;

function between(
  expected: unknown,
  actual: unknown,
  path: string,
  compared: Compared,
): Difference | undefined {
  if (Object.is(expected, actual)) return undefined;
  const here = { path, expected, actual };
  if (!isObject(expected) || !isObject(actual) || kindOf(expected) !== kindOf(actual)) return here;
  const spelled = spellingOf(expected);
  if (spelled !== undefined) return spelled === spellingOf(actual) ? undefined : here;
  const others = compared.get(expected) ?? new Set();
  if (others.has(actual)) return undefined;
  compared.set(expected, others.add(actual));
  if (isSet(expected) && isSet(actual) && haveSame(expected, actual)) return undefined;
  const [wanted, given] = [membersOf(expected), membersOf(actual)];
  if (wanted === undefined || given === undefined) return here;
  for (const key of new Set([...wanted.keys(), ...given.keys()])) {
    const way = `${path}${step(expected, key)}`;
    if (!given.has(key)) return { path: way, expected: wanted.get(key), actual: MISSING };
    if (!wanted.has(key)) return { path: way, expected: MISSING, actual: given.get(key) };
    const found = between(wanted.get(key), given.get(key), way, compared);
    if (found) return found;
  }
  return undefined;
}

/** Objects are compared by their members; only built-in classes and those of errors make a difference. */
function kindOf(value: object): string {
  return isError(value) ? `Error ${classOf(value)}` : tagOf(value);
}

function haveSame(expected: ReadonlySet<unknown>, actual: ReadonlySet<unknown>): boolean {
  return expected.size === actual.size && [...expected].every((member) => actual.has(member));
}

function step(container: object, key: unknown): string {
  const isListed = Array.isArray(container) || typeof key === 'number';
  if (isMap(container)) return `.get(${typeof key === 'string' ? JSON.stringify(key) : String(key)})`;
  return isListed ? `[${String(key)}]` : `.${String(key)}`;
}
