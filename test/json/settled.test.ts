import fc from 'fast-check';
import { settledValue } from '../../src/json/settled.js';

describe('settledValue', () => {
  it.each([
    ['', undefined],
    ['{', {}],
    ['{"a', {}],
    ['{"a"', {}],
    ['{"a":', {}],
    ['{"a":1', {}],
    ['{"a":12,', { a: 12 }],
    ['{"a":"b', {}],
    ['{"a":"b"', { a: 'b' }],
    ['{"a":"b\\"', {}],
    ['{"a":"b\\\\"', { a: 'b\\' }],
    ['{"a":tru', {}],
    ['{"a":true}', { a: true }],
    ['{"a":[', { a: [] }],
    ['{"a":["b",{"c":[1,2', { a: ['b', { c: [1] }] }],
    ['{"a":[1],"b', { a: [1] }],
    ['{"a":[1] ,', { a: [1] }],
    ['[{},', [{}]],
    ['{"a": oops, ', undefined],
  ])('of %j is %j', (text, value) => {
    expect(settledValue(text)).toEqual(value);
  });

  it('of a whole text is its value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(3), (value, indent) => {
        const text = JSON.stringify([value], null, indent);
        expect(settledValue(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('of 100,000 open arrays costs a moment and no stack', () => {
    expect(() => settledValue('['.repeat(100_000))).not.toThrow();
  });

  it('takes `__proto__` for an ordinary key', () => {
    const value = settledValue('{"__proto__":{"polluted":true},"a":"') as object;
    expect(Object.keys(value)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });
});
