/** A JSON object, unread. */
export type Json = Readonly<Record<string, unknown>>;

/** Whether this is a JSON object: neither an array nor `null`. */
export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
