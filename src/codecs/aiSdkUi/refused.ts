import { isObject } from '../kit/json.js';

/** What a value may be refused for, or an escape or a number that may stand for it. */
const DOUBTFUL = /"(?:__proto__|constructor)"|\\u|\d{200}|[eE]\+?\d{3}/;

/**
 * Whether the AI SDK refuses a value, and the whole stream with it: it reads no JSON with a member `__proto__`, or with a
 * `prototype` in a `constructor`. Nor can it be told of a number that is too large to be any: that would arrive as `null`.
 *
 * @param json - the value as JSON, which nearly always shows that it has none of them
 */
export function isRefused(value: unknown, json: string): boolean {
  if (!DOUBTFUL.test(json)) return false;
  const waiting: unknown[] = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (next === Infinity || next === -Infinity) return true;
    if (typeof next !== 'object' || next === null) continue;
    if (Object.hasOwn(next, '__proto__')) return true;
    const made: unknown = Object.hasOwn(next, 'constructor') ? next.constructor : undefined;
    if (isObject(made) && Object.hasOwn(made, 'prototype')) return true;
    for (const member of Object.values(next) as unknown[]) waiting.push(member);
  }
  return false;
}
