import { isObject } from '../kit/json.js';

/**
 * Whether the AI SDK refuses a value, and the whole stream with it: it reads no JSON with a member `__proto__`, or with a
 * `prototype` in a `constructor`.
 *
 * @param json - the value as JSON, which nearly always shows that it has neither
 */
export function isRefused(value: unknown, json: string): boolean {
  if (!/"(?:__proto__|constructor)"/.test(json)) return false;
  const waiting: unknown[] = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next !== 'object' || next === null) continue;
    if (Object.hasOwn(next, '__proto__')) return true;
    const made: unknown = Object.hasOwn(next, 'constructor') ? next.constructor : undefined;
    if (isObject(made) && Object.hasOwn(made, 'prototype')) return true;
    for (const member of Object.values(next) as unknown[]) waiting.push(member);
  }
  return false;
}
