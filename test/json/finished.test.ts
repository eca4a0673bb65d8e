import fc from 'fast-check';
import { createJsonReader } from '../../src/json/jsonReader.js';
import '../seed.js';

describe('settled', () => {
  it.each([
    ['', undefined],
    ['"a', undefined],
    ['{', {}],
    ['{"a":', {}],
    ['{"a":12', {}],
    ['{"a":12,', { a: 12 }],
    ['{"a":"b', {}],
    ['{"a":"b"', { a: 'b' }],
    ['{"a":["b",{"c":[1,2', { a: ['b', { c: [1] }] }],
    ['[{},', [{}]],
  ])('of %j is %j', (text, value) => {
    const reader = createJsonReader();
    reader.write(text);
    expect(reader.settled).toEqual(value);
  });

  it.each([
    ['{"a":"x"}', 6],
    ['{"a":{"b":"x"},"c":1}', 11],
    ['["x"]', 2],
  ])('of %j, read at %d while a string is open, leaves the finished value alone', (text, at) => {
    const reader = createJsonReader();
    reader.write(text.slice(0, at + 1));
    expect(JSON.stringify(reader.settled)).not.toContain('x');
    reader.write(text.slice(at + 1));
    expect(reader.end()).toEqual(JSON.parse(text));
  });

  it('never shows what a later snapshot changes', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.nat(), (value, cut) => {
        const text = JSON.stringify(value);
        const reader = createJsonReader();
        reader.write(text.slice(0, cut % (text.length + 1)));
        const items = reader.items([]) ?? [];
        expect((JSON.parse(text) as unknown[]).slice(0, items.length)).toEqual(items);
      }),
    );
  });
});

describe('items', () => {
  const text = '{"a":{"list":[1,"two",{"three":3},[4';

  it.each([
    ['the ones that are finished', ['a', 'list'], 0, [1, 'two', { three: 3 }]],
    ['the ones from an index on', ['a', 'list'], 2, [{ three: 3 }]],
    ['none of an array that has just begun', ['a', 'list', 3], 0, []],
    ['nothing where an object stands', ['a'], 0, undefined],
    ['nothing where nothing stands', ['b'], 0, undefined],
    ['nothing inside a text', ['a', 'list', 1, 'length'], 0, undefined],
    ['nothing of a prototype', ['a', 'constructor'], 0, undefined],
  ])('has %s', (_, path, from, items) => {
    const reader = createJsonReader();
    reader.write(text);
    expect(reader.items(path, from)).toEqual(items);
  });

  it('has the items of an array that is finished, in a value that is and in one that is not', () => {
    const reader = createJsonReader();
    reader.write('{"a":{"list":[1,2]},"b":');
    expect(reader.items(['a', 'list'])).toEqual([1, 2]);
    reader.write('null}');
    expect(reader.items(['a', 'list'], 1)).toEqual([2]);
  });

  it('has each item once, in order, for any cuts', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.integer({ min: 1, max: 9 }), (value, size) => {
        const whole = JSON.stringify({ list: value });
        const reader = createJsonReader();
        const seen: unknown[] = [];
        for (let at = 0; at < whole.length; at += size) {
          reader.write(whole.slice(at, at + size));
          seen.push(...(reader.items(['list'], seen.length) ?? []));
        }
        expect(JSON.stringify(seen)).toBe(JSON.stringify(value));
      }),
    );
  });
});
