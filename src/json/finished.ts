import type { Frame } from './frame.js';
import type { JsonPath, JsonValue } from './value.js';

/**
 * Finds the items of an array that are finished, whether or not the array is.
 *
 * @param innermost - the innermost open container
 * @param path - where the array stands
 * @param from - the index of the first item to return
 * @returns the finished items from there on; `undefined` where no array is known to stand
 */
export function finishedItems(
  innermost: Frame,
  path: JsonPath,
  from: number,
): readonly JsonValue[] | undefined {
  const open: Frame[] = [];
  for (let frame: Frame | undefined = innermost; frame !== undefined; frame = frame.parent)
    open.unshift(frame);
  // The outermost frame holds the value itself, as its one item.
  const steps = [0, ...path];
  for (const [depth, frame] of open.entries()) {
    const step = steps[depth];
    if (step === undefined) return frame.keys === undefined ? frame.items.slice(from) : undefined;
    const isOpen = (frame.keys?.[frame.items.length] ?? frame.items.length) === step;
    if (isOpen && depth + 1 < open.length) continue;
    const at =
      frame.keys === undefined ? Number(step) : frame.keys.lastIndexOf(String(step), frame.items.length - 1);
    return itemsIn(frame.items[at], steps.slice(depth + 1), from);
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
