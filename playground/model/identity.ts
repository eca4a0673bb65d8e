/** Tells objects apart by what they are, not by what they say: the same object has the same number everywhere. */
export class Identities {
  readonly #numbers = new WeakMap<object, number>();
  #next = 0;

  /** @returns `undefined` for what is no object */
  numberOf(value: unknown): number | undefined {
    if (typeof value !== 'object' || value === null) return undefined;
    const known = this.#numbers.get(value);
    if (known !== undefined) return known;
    const number = this.#next++;
    this.#numbers.set(value, number);
    return number;
  }
}

/**
 * The objects that a snapshot is made of, one for each place of it: the blocks of a message, the messages of a state, the
 * members of anything else. Those of two snapshots that are the same object did not change.
 */
export function partsOf(value: unknown): readonly object[] {
  const list = listIn(value);
  if (list) return list.filter(isObject);
  return isObject(value) ? Object.values(value).filter(isObject) : [];
}

function listIn(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value as readonly unknown[];
  if (!isObject(value)) return undefined;
  const { content, messages, message } = value as {
    content?: unknown;
    messages?: unknown;
    message?: unknown;
  };
  if (Array.isArray(content)) return content as readonly unknown[];
  if (isObject(message)) return listIn(message);
  return Array.isArray(messages) ? (messages as readonly unknown[]) : undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !(value instanceof Error);
}
