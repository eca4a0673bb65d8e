import { StreamError } from '../../src/errors.js';
import { copyOf, deepFreeze, difference } from './difference.js';

/** An object of some class, with a member that is made when it is read. */
class Lazy {
  readonly kind = 'lazy';
}
const lazy = Object.defineProperty(new Lazy(), 'a', { enumerable: true, get: () => 1 });

describe('difference', () => {
  it.each([
    [1, 1],
    [NaN, NaN],
    [{ a: [1, { b: null }] }, { a: [1, { b: null }] }],
    [JSON.parse('{"__proto__":1}'), JSON.parse('{"__proto__":1}')],
    [{ kind: 'lazy', a: 1 }, lazy],
    [
      new StreamError('api', 'no', { partial: { a: 1 } }),
      new StreamError('api', 'no', { partial: { a: 1 } }),
    ],
  ])('finds none between %j and %j', (expected, actual) => {
    expect(difference(expected, actual)).toBeUndefined();
  });

  it.each([
    [0, -0, ''],
    [{ a: 1 }, { a: 2 }, '.a'],
    [{ a: undefined }, {}, '.a'],
    [{}, { a: undefined }, '.a'],
    [[1, 2], [1], '[1]'],
    [[], {}, ''],
    [{ kind: 'lazy', a: 2 }, lazy, '.a'],
    [new Uint8Array(), new Uint16Array(), ''],
    [{ a: [{ b: 1 }] }, { a: [{ b: 2 }] }, '.a[0].b'],
    [JSON.parse('{"__proto__":1}'), {}, '.__proto__'],
    [new Error('no'), new TypeError('no'), ''],
    [new StreamError('api', 'no'), new StreamError('http', 'no'), '.code'],
    [
      new StreamError('api', 'no', { partial: 'a' }),
      new StreamError('api', 'no', { partial: 'b' }),
      '.partial',
    ],
    [
      new StreamError('api', 'no', { cause: new Error('a') }),
      new StreamError('api', 'no', { cause: new Error('b') }),
      '.cause.message',
    ],
  ])('between %j and %j is at the first place', (expected, actual, path) => {
    expect(difference(expected, actual)?.path).toBe(path);
  });
});

describe('copyOf', () => {
  it('stays as it is when the value changes', () => {
    const value = { a: [{ b: 1 }] };
    const copy = copyOf(value);
    expect(difference(copy, value)).toBeUndefined();
    value.a.push({ b: 2 });
    expect(difference(copy, value)?.path).toBe('.a[1]');
  });

  it('keeps a member named __proto__ a member', () => {
    const value: unknown = JSON.parse('{"__proto__":{"a":1}}');
    expect(difference(copyOf(value), value)).toBeUndefined();
  });
});

describe('deepFreeze', () => {
  it('freezes all through, and leaves bytes and errors as they are', () => {
    const error = new Error('no');
    const value = deepFreeze({ a: [{ b: 1 }], bytes: new Uint8Array(2), error });
    expect(() => Object.assign(value.a[0] ?? {}, { b: 2 })).toThrow('read only');
    expect(Object.isFrozen(error)).toBe(false);
  });
});
