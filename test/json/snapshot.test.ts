import { applyGrowth } from '../../src/json/growth.js';
import { createJsonReader } from '../../src/json/jsonReader.js';
import type { JsonValue } from '../../src/json/value.js';
import { ACCEPTED } from './corpus.js';
import { readAll } from './texts.js';

/** The beginning of a text, and what is known of its value. */
const SHOWN: readonly (readonly [text: string, value: JsonValue | undefined])[] = [
  ...([
    ['', undefined],
    [' ', undefined],
    ['-', undefined],
    ['12', undefined],
    ['12.', undefined],
    ['1e', undefined],
  ] as const),
  ...([
    ['12 ', 12],
    ['-0\n', -0],
    ['t', undefined],
    ['tru', undefined],
    ['true', true],
    ['null', null],
  ] as const),
  ...([
    ['[', []],
    ['[1', []],
    ['[1,', [1]],
    ['[1.5e3', []],
    ['[-', []],
    ['[1,2', [1]],
    ['[1,2 ', [1, 2]],
    ['[1,2]', [1, 2]],
  ] as const),
  ...([
    ['[tru', []],
    ['[true', [true]],
    ['[fals', []],
    ['[nul', []],
    ['[null', [null]],
    ['[[', [[]]],
    ['[[],', [[]]],
  ] as const),
  ...([
    ['"', ''],
    ['"a', 'a'],
    ['"a\\', 'a'],
    ['"a\\n', 'a\n'],
    ['"a\\u', 'a'],
    ['"a\\u004', 'a'],
    ['"a\\u0041', 'aA'],
  ] as const),
  ...([
    ['"\\ud83d', ''],
    ['"\\ud83d\\', ''],
    ['"\\ud83d\\ude0', ''],
    ['"\\ud83d\\ude00', '😀'],
    ['"\\ud83dx', '\ud83dx'],
  ] as const),
  ...([
    ['"\ud83d', ''],
    ['"\ud83d\ude00', '😀'],
    ['"\ud83d\\ude00', '😀'],
    ['"\\ude00', '\ude00'],
    ['"\\ud83d"', '\ud83d'],
  ] as const),
  ...([
    ['"\\ud83d\\ud83d', ''],
    ['"\\ud83d\\n', '\ud83d\n'],
    ['"a\ud83d', 'a'],
    ['"\ud83d\ud83d', ''],
  ] as const),
  ...([
    ['{', {}],
    ['{"', {}],
    ['{"a', {}],
    ['{"a"', {}],
    ['{"a":', {}],
    ['{"a": ', {}],
    ['{"a":1', {}],
    ['{"a":1,', { a: 1 }],
  ] as const),
  ...([
    ['{"a":"', { a: '' }],
    ['{"a":"x', { a: 'x' }],
    ['{"a":[', { a: [] }],
    ['{"a":{', { a: {} }],
    ['{"a":t', {}],
  ] as const),
  ...([
    ['{"a":"x","b', { a: 'x' }],
    ['{"a":{"b":"c', { a: { b: 'c' } }],
    ['[{"a":[{"b":"c', [{ a: [{ b: 'c' }] }]],
  ] as const),
  ...([
    ['{"a":1,"a', { a: 1 }],
    ['{"a":1,"a":2', { a: 1 }],
    ['{"a":1,"a":2,', { a: 2 }],
    ['{"a":1,"a":"', { a: '' }],
  ] as const),
  ...([
    ['{"a":[1,2],"b":0,"a":[', { a: [], b: 0 }],
    ['{"a":{"x":1},"a":{"', { a: {} }],
  ] as const),
];

const HALF_PAIR_AT_END = /[\ud800-\udbff]$/;
const STRING = /"(?:[^"\\]|\\.)*"/gs;
const SCALAR = /-?\d[\d.eE+-]*|true|false|null/g;

function parsed(tokens: readonly string[] | null): readonly unknown[] {
  return (tokens ?? []).map((token): unknown => JSON.parse(token));
}

function leavesOf(value: JsonValue | undefined): readonly (JsonValue | undefined)[] {
  if (typeof value !== 'object' || value === null) return [value];
  return Object.values(value).flatMap(leavesOf);
}

describe('a snapshot', () => {
  it.each(SHOWN)('of %j is %j', (text, value) => {
    const reader = createJsonReader();
    const whole = reader.write(text);
    const byCharacter = createJsonReader();
    for (const character of text.split('')) byCharacter.write(character);
    expect(whole.value).toStrictEqual(value);
    expect(byCharacter.snapshot.value).toStrictEqual(value);
  });

  it.each(ACCEPTED)('over every prefix of %j shows no half of anything', (text) => {
    const reader = createJsonReader();
    const strings = parsed(text.match(STRING)).map(String);
    const scalars = parsed(text.replace(STRING, '').match(SCALAR));
    for (const character of text.split('')) {
      for (const leaf of leavesOf(reader.write(character).value)) {
        if (typeof leaf !== 'string') expect([undefined, ...scalars]).toContain(leaf);
        else if (HALF_PAIR_AT_END.test(leaf)) expect(strings).toContain(leaf);
        else expect(strings.some((string) => string.startsWith(leaf))).toBe(true);
      }
    }
  });

  it('of a hostile key is an own member, as with JSON.parse', () => {
    const { value } = createJsonReader().write(
      '{"__proto__":{"polluted":"yes"},"constructor":{"prototype":"x',
    );
    expect(Object.keys(value ?? {})).toEqual(['__proto__', 'constructor']);
    expect(JSON.stringify(value)).toBe('{"__proto__":{"polluted":"yes"},"constructor":{"prototype":"x"}}');
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect('polluted' in {}).toBe(false);
  });

  it('of hostile keys in one object after another never loses one', () => {
    const text = '[{"a":1},{"a":1,"__proto__":{"b":1}},{"a":1,"__proto__":{"b":2}},{"a":1,"toString":0}]';
    expect(JSON.stringify(readAll([text]).value)).toBe(text);
    const { value } = createJsonReader().write(text.slice(0, -2));
    expect(JSON.stringify(value)).toBe(text.replace(',"toString":0', ''));
  });

  it('tells that the value is complete when only white space may follow', () => {
    const reader = createJsonReader();
    expect(reader.snapshot).toMatchObject({ value: undefined, complete: false, growth: [] });
    expect(reader.write('{"a":"b"').complete).toBe(false);
    expect(reader.write('}').complete).toBe(true);
    expect(reader.write(' \n').complete).toBe(true);
    expect(createJsonReader().write('12').complete).toBe(false);
    expect(createJsonReader().write('12 ').complete).toBe(true);
  });

  it('is complete after the end, also of a number', () => {
    const reader = createJsonReader();
    reader.write('4');
    reader.write('2');
    expect(reader.end()).toBe(42);
    expect(reader.end()).toBe(42);
    expect(reader.snapshot).toMatchObject({ value: 42, complete: true });
  });

  it('is the same value as the one before when nothing was added to it', () => {
    const reader = createJsonReader();
    const { value } = reader.write('{"list":["a","b');
    expect(reader.write('').value).toBe(value);
    expect(reader.write('"').value).toBe(value);
    expect(reader.write(' ] , "next" ').value).toBe(value);
    expect(reader.write(': 1').value).toBe(value);
    expect(reader.write('}').value).not.toBe(value);
  });

  it('is the same value when nothing was added, though an older one was looked at in between', () => {
    const reader = createJsonReader();
    const old = reader.write('{"a":1,');
    const { value } = reader.write('"b":2,"c":3 ');
    expect(old.value).toEqual({ a: 1 });
    expect(reader.write('}').value).toBe(value);
  });

  it('shares what was finished with every later one', () => {
    const reader = createJsonReader();
    const first = reader.write('[{"id":1},{"id":2},{"id":3').value as readonly JsonValue[];
    const second = reader.write(',"name":"x"},{"id":4}').value as readonly JsonValue[];
    expect(second[0]).toBe(first[0]);
    expect(second[1]).toBe(first[1]);
    expect(first[2]).toEqual({});
    expect(second[2]).toEqual({ id: 3, name: 'x' });
  });
});

describe('growth', () => {
  it('is the path and the text where one string grew', () => {
    const reader = createJsonReader();
    reader.write('{"files":[{"name":"a.ts","text":"let ');
    expect(reader.write('x = \\"1\\";\\n').growth).toEqual([
      { path: ['files', 0, 'text'], text: 'x = "1";\n' },
    ]);
  });

  it('is empty where nothing is shown that was not shown before', () => {
    const reader = createJsonReader();
    expect(reader.write(' { "key"').growth).toEqual([{ path: [], value: {} }]);
    expect(reader.write(' : 1').growth).toEqual([]);
    expect(reader.write('2').growth).toEqual([]);
    expect(reader.write(',').growth).toEqual([{ path: ['key'], value: 12 }]);
  });

  it('names each thing that one fragment added, in the order of the text', () => {
    const reader = createJsonReader();
    reader.write('{"a":{"list":["one","tw');
    const { growth } = reader.write('o","three"],"n":1},"b":[[2],{"c":"d');
    expect(growth).toEqual([
      { path: ['a', 'list', 1], text: 'o' },
      { path: ['a', 'list', 2], value: 'three' },
      { path: ['a', 'n'], value: 1 },
      { path: ['b'], value: [[2], { c: 'd' }] },
    ]);
  });

  it('of more than a thousand steps is one, the whole value: their paths would outgrow the text', () => {
    const reader = createJsonReader();
    const deep = '['.repeat(500);
    const before = reader.write(`${deep}0`).value;
    const snapshot = reader.write(',1'.repeat(1_000_000));
    expect(snapshot.growth).toEqual([{ path: [], value: snapshot.value }]);
    expect(applyGrowth(before, snapshot.growth)).toBe(snapshot.value);
    expect(reader.write(',2,3').growth).toHaveLength(2);
  });

  it('replaces the value of a key that is repeated', () => {
    const reader = createJsonReader();
    const before = reader.write('{"a":"x').value;
    const { growth } = reader.write('y","b":1,"a":"z');
    expect(growth).toEqual([
      { path: ['a'], text: 'y' },
      { path: ['b'], value: 1 },
      { path: ['a'], value: 'z' },
    ]);
    expect(JSON.stringify(applyGrowth(before, growth))).toBe('{"a":"z","b":1}');
  });

  it('is applied without changing the value before, and without copying what did not grow', () => {
    const reader = createJsonReader();
    const before = reader.write('{"done":[1,2],"text":"a').value as { done: JsonValue };
    const after = applyGrowth(before, reader.write('b').growth) as { done: JsonValue };
    expect(before).toEqual({ done: [1, 2], text: 'a' });
    expect(after).toEqual({ done: [1, 2], text: 'ab' });
    expect(after.done).toBe(before.done);
  });

  it('applies to a hostile key as to any other', () => {
    const reader = createJsonReader();
    const before = reader.write('{"a":1,').value;
    const after = applyGrowth(before, reader.write('"__proto__":{"b":"c"}}').growth);
    expect(JSON.stringify(after)).toBe('{"a":1,"__proto__":{"b":"c"}}');
  });
});
