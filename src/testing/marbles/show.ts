import { MISSING, type Difference } from './difference.js';
import { classOf, isError, isMap, isObject, membersOf, spellingOf, tagOf } from './members.js';

const MAX_LENGTH = 120;
/** How much of two long texts is shown before the place where they differ. */
const LEAD = 30;

/** A value in a line of a report, as JSON where it is JSON, cut to 120 characters. */
export function show(value: unknown): string {
  return cut(written(value, []));
}

/** Where two values differ and what each has there; of two long texts, the part where they do. */
export function showDifference({ path, expected, actual }: Difference): {
  readonly place: string;
  readonly expected: string;
  readonly actual: string;
} {
  if (typeof expected === 'string' && typeof actual === 'string') {
    const at = firstApart(expected, actual);
    if (Math.max(expected.length, actual.length) > MAX_LENGTH && at > LEAD) {
      const from = at - LEAD;
      const place = `${path && `${path}, `}character ${at}`;
      return { place, expected: fromMiddle(expected, from), actual: fromMiddle(actual, from) };
    }
  }
  return { place: path, expected: show(expected), actual: show(actual) };
}

function firstApart(one: string, other: string): number {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  return at;
}

function fromMiddle(text: string, from: number): string {
  return cut(`…${JSON.stringify(text.slice(from))}`);
}

function cut(text: string): string {
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH - 1)}…` : text;
}

function written(value: unknown, around: readonly object[]): string {
  if (typeof value === 'string') return JSON.stringify(cut(value));
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return `function ${value.name}`;
  if (value === MISSING) return 'nothing';
  if (Object.is(value, -0)) return '-0';
  if (!isObject(value)) return String(value);
  return around.includes(value) ? '[circular]' : lookedInto(value, [...around, value]);
}

function lookedInto(value: object, around: readonly object[]): string {
  const spelled = spellingOf(value);
  if (spelled !== undefined) return `${tagOf(value)} ${spelled}`;
  // A report shows no more, and a list may be long.
  const members = [...(membersOf(value) ?? [])].slice(0, MAX_LENGTH);
  const values = members.map(([, member]) => written(member, around));
  const isListed = !isMap(value) && typeof members[0]?.[0] === 'number';
  if (Array.isArray(value) || isListed) return `${classPrefix(value)}[${values.join(',')}]`;
  const named = members.map(([key], nth) => `${written(key, around)}:${values[nth] ?? ''}`);
  return `${classPrefix(value)}{${named.join(',')}}`;
}

function classPrefix(value: object): string {
  const name = isError(value) ? classOf(value) : tagOf(value);
  return name === 'Object' || name === 'Array' ? '' : `${name} `;
}
