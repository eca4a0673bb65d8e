import fc from 'fast-check';
import { createJsonReader } from '../../src/json/jsonReader.js';
import type { JsonReaderOptions } from '../../src/json/jsonReader.js';
import type { JsonSnapshot } from '../../src/json/snapshot.js';
import type { JsonValue } from '../../src/json/value.js';

const PLAIN = fc.constantFrom(
  'a',
  'B',
  ' ',
  '/',
  ',',
  ':',
  '}',
  ']',
  '{',
  '[',
  '0',
  'é',
  '€',
  '\u2028',
  '\u007f',
  'uD83D',
);
const ESCAPE = fc.constantFrom(
  '\\"',
  '\\\\',
  '\\/',
  '\\b',
  '\\f',
  '\\n',
  '\\r',
  '\\t',
  '\\u0041',
  '\\u0000',
  '\\u20AC',
);
const SURROGATE = fc.constantFrom(
  '😀',
  '\ud83d',
  '\ude00',
  '\\ud83d',
  '\\ude00',
  '\\ud83d\\ude00',
  '\\uDBFF',
  '\\uDC00',
);
const STRING = fc
  .array(fc.oneof({ weight: 4, arbitrary: PLAIN }, ESCAPE, SURROGATE), { maxLength: 12 })
  .map((parts) => `"${parts.join('')}"`);
const KEY = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('"a"', '"b"', '"c"', '"key"', '""') },
  fc.constantFrom('"__proto__"', '"constructor"', '"toString"', '"0"', '"10"', '"length"', '"\\u0061"'),
  STRING,
);
const NUMBER = fc.oneof(
  fc.integer().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => JSON.stringify(number)),
  fc.constantFrom('0', '-0', '1.50', '1e3', '-2E-2', '1e999', '12345678901234567890', '0.1e+1'),
);
const SPACE = fc.constantFrom('', '', '', ' ', '\n', '\t\r', '  ');

/** A text that `JSON.parse` accepts, of any spelling: white space, escapes, repeated and hostile keys. */
export const JSON_TEXT: fc.Arbitrary<string> = fc.letrec<{ value: string }>((tie) => ({
  value: fc
    .tuple(
      SPACE,
      fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.oneof(STRING, NUMBER, fc.constantFrom('true', 'false', 'null')),
        fc.array(tie('value'), { maxLength: 5 }).map((items) => `[${items.join(',')}]`),
        fc
          .array(fc.tuple(SPACE, KEY, SPACE, tie('value')), { maxLength: 5 })
          .map((members) => `{${members.map(([a, key, b, value]) => `${a}${key}${b}:${value}`).join(',')}}`),
        fc.constantFrom('[ ]', '{ }', '[]', '{}'),
      ),
      SPACE,
    )
    .map((parts) => parts.join('')),
})).value;

/** Lengths of fragments, to be repeated until the text is used up; a length of 0 is an empty fragment. */
export const CUTS: fc.Arbitrary<readonly number[]> = fc
  .array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 8 })
  .filter((lengths) => lengths.some((length) => length > 0));

export function cut(text: string, lengths: readonly number[]): readonly string[] {
  const fragments: string[] = [];
  for (let at = 0, turn = 0; at < text.length; turn += 1) {
    const length = lengths[turn % lengths.length] ?? 1;
    fragments.push(text.slice(at, at + length));
    at += length;
  }
  return fragments;
}

export interface Reading {
  readonly snapshots: readonly JsonSnapshot[];
  readonly value: JsonValue;
}

/** Reads a whole text; `look` is called with each snapshot right away. */
export function readAll(
  fragments: readonly string[],
  options: JsonReaderOptions = {},
  look: (snapshot: JsonSnapshot) => unknown = () => undefined,
): Reading {
  const reader = createJsonReader(options);
  const snapshots = fragments.map((fragment) => {
    const snapshot = reader.write(fragment);
    look(snapshot);
    return snapshot;
  });
  const value = reader.end();
  look(reader.snapshot);
  return { snapshots: [...snapshots, reader.snapshot], value };
}

/** Whether `later` may have grown from `earlier`, for a text without repeated keys. */
export function isPrefixOf(earlier: JsonValue | undefined, later: JsonValue | undefined): boolean {
  if (earlier === undefined) return true;
  if (typeof earlier === 'string') return typeof later === 'string' && later.startsWith(earlier);
  if (typeof earlier !== 'object' || earlier === null) return Object.is(earlier, later);
  if (typeof later !== 'object' || later === null || Array.isArray(earlier) !== Array.isArray(later))
    return false;
  const before = new Map(Object.entries(earlier));
  const after = new Map(Object.entries(later));
  const order = [...after.keys()].filter((key) => before.has(key));
  return (
    order.length === before.size &&
    [...before.keys()].every((key, at) => key === order[at]) &&
    order.every((key) => isPrefixOf(before.get(key), after.get(key)))
  );
}
