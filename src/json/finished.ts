import { chainOf, type Container } from './container.js';
import type { JsonPath, JsonValue } from './value.js';

/** @returns the finished items, from an index on, of the array at a path; `undefined` where no array is known to stand */
export function finishedItems(
  innermost: Container,
  path: JsonPath,
  from: number,
): readonly JsonValue[] | undefined {
  const open = chainOf(innermost);
  // The outermost container holds the value itself, as its one item.
  const steps = [0, ...path];
  for (const [depth, container] of open.entries()) {
    const step = steps[depth];
    if (step === undefined) return container.keys === undefined ? container.items.slice(from) : undefined;
    const isOpen = (container.keys?.[container.items.length] ?? container.items.length) === step;
    if (isOpen && depth + 1 < open.length) continue;
    const at =
      container.keys === undefined
        ? Number(step)
        : container.keys.lastIndexOf(String(step), container.items.length - 1);
    return itemsIn(container.items[at], steps.slice(depth + 1), from);
  }
  return undefined;
}

/** The items of the array at a path in a finished value. */
function itemsIn(
  value: JsonValue | undefined,
  path: JsonPath,
  from: number,
): readonly JsonValue[] | undefined {
  const found = path.reduce<unknown>((inner, key) => {
    const isContainer = typeof inner === 'object' && inner !== null && Object.hasOwn(inner, key);
    return isContainer ? Reflect.get(inner, key) : undefined;
  }, value);
  return Array.isArray(found) ? (found as JsonValue[]).slice(from) : undefined;
}
