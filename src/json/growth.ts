import { chainOf, type Container } from './container.js';
import type { Moment } from './moment.js';
import { defineMember, type JsonArray, type JsonObject, type JsonPath, type JsonValue } from './value.js';

/** So many steps are named at most. Each has a path of its own: of a long fragment they would outgrow the text by far. */
const MOST_STEPS = 1000;

/** One step from a snapshot to the next: the string at `path` grew by `text`, or `value` was put at `path`. */
export type JsonGrowth =
  | { readonly path: JsonPath; readonly text: string; readonly value?: never }
  | { readonly path: JsonPath; readonly value: JsonValue; readonly text?: never };

/**
 * Finds what came between two moments: first in the containers that were open and have been closed, from the
 * innermost outwards, then in the innermost one that is open still. That is the order of the text. More than a thousand
 * steps are replaced by one, the whole value.
 *
 * @param text - by what the string grew that was open at the earlier one
 */
export function growthBetween(before: Moment, now: Moment, text: string): readonly JsonGrowth[] {
  const steps: JsonGrowth[] = [];
  if (before.version === now.version) return steps;
  let { container, count } = before;
  // Mostly a string grows and nothing else happens.
  if (before.tail !== undefined && now.container === container && now.count === count)
    return [{ path: pathTo(container, count), text }];
  if (before.tail !== undefined) {
    if (text !== '') steps.push({ path: pathTo(container, count), text });
    count += 1;
  }
  const open = chainOf(now.container);
  while (container.parent !== undefined && open[container.depth] !== container) {
    addFinished(steps, container, count, container.items.length);
    count = container.index + 1;
    container = container.parent;
  }
  const opened = open[container.depth + 1];
  const end = opened === undefined ? now.count : opened.index;
  addFinished(steps, container, count, end);
  const path = pathTo(container, end);
  if (opened !== undefined) steps.push({ path, value: path.reduce(memberAt, now.value) ?? null });
  else if (now.tail !== undefined && end >= count) steps.push({ path, value: now.tail });
  return steps.length > MOST_STEPS ? [{ path: [], value: now.value ?? null }] : steps;
}

/**
 * Applies a snapshot's growth to the value of the snapshot before it.
 *
 * @param previous - the value before; it is not changed
 * @param growth - the steps, in their order
 * @returns the value after; what did not grow is the same object in both
 */
export function applyGrowth(
  previous: JsonValue | undefined,
  growth: readonly JsonGrowth[],
): JsonValue | undefined {
  let value = previous;
  for (const step of growth) value = applyStep(value, step);
  return value;
}

function applyStep(previous: JsonValue | undefined, step: JsonGrowth): JsonValue | undefined {
  const { path, text } = step;
  // The container at each key of the path; a string that grew comes last.
  const levels = [previous];
  for (const key of text === undefined ? path.slice(0, -1) : path) levels.push(memberOf(levels.at(-1), key));
  let value: JsonValue = text === undefined ? step.value : asText(levels.pop()) + text;
  for (let at = path.length - 1; at >= 0; at -= 1) value = withMember(levels[at], path[at] ?? at, value);
  return value;
}

function addFinished(steps: JsonGrowth[], container: Container, from: number, to: number): void {
  for (let at = from; at < to && steps.length <= MOST_STEPS; at += 1) {
    const value = container.items[at];
    if (value !== undefined) steps.push({ path: pathTo(container, at), value });
  }
}

/** Where the member of that index stands. */
export function pathTo(innermost: Container, index: number): JsonPath {
  const path: (string | number)[] = [];
  let at = index;
  for (let container = innermost; container.parent !== undefined; container = container.parent) {
    path.push(container.keys?.[at] ?? at);
    at = container.index;
  }
  return path.reverse();
}

/** A member that is known to be there: its container is what JSON made, and so are its own members. */
function memberAt(container: JsonValue | undefined, key: string | number): JsonValue | undefined {
  return (container as Readonly<Record<string | number, JsonValue>> | undefined)?.[key];
}

/** A member that is known to be there. */
function memberOf(container: JsonValue | undefined, key: string | number): JsonValue | undefined {
  if (typeof key === 'number') return isArray(container) ? container[key] : undefined;
  return isObject(container) ? container[key] : undefined;
}

function withMember(container: JsonValue | undefined, key: string | number, value: JsonValue): JsonValue {
  if (typeof key === 'number') {
    const items = isArray(container) ? container.slice() : [];
    items[key] = value;
    return items;
  }
  const members = isObject(container) ? { ...container } : {};
  defineMember(members, key, value);
  return members;
}

function asText(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

function isArray(value: JsonValue | undefined): value is JsonArray {
  return Array.isArray(value);
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !isArray(value);
}
