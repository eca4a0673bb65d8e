import { isObject } from './json.js';

/** Whether two texts read as the same JSON value; no text at all stands for `{}`. */
export function isSameJson(a: string, b: string): boolean {
  if (a === b) return true;
  const canonical = canonicalJson(a);
  return canonical !== undefined && canonical === canonicalJson(b);
}

/** Whether a text is a whole JSON object. */
export function isWholeObject(json: string): boolean {
  if (!/^\s*\{[^]*\}\s*$/.test(json)) return false;
  try {
    JSON.parse(json);
    return true;
  } catch {
    return false;
  }
}

/** The one text of a JSON value, whatever its spaces and the order of its members; `undefined` for other text. */
export function canonicalJson(json: string): string | undefined {
  try {
    return JSON.stringify(JSON.parse(json || '{}'), sorted);
  } catch {
    return undefined;
  }
}

function sorted(_name: string, value: unknown): unknown {
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
