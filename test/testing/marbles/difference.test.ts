import { StreamError } from '../../../src/errors/streamError.js';
import { difference, MISSING } from '../../../src/testing/marbles/difference.js';
import { deepFreeze } from '../../../src/testing/letters/freeze.js';
import { copyOf } from '../../../src/testing/marbles/watch.js';

/** An object of some class, with a member that is made when it is read. */
class Lazy {
  readonly kind = 'lazy';
}
const lazy = Object.defineProperty(new Lazy(), 'a', { enumerable: true, get: () => 1 });

class Refused extends Error {
  constructor(readonly reason: string) {
    super('no');
  }
}

/** A value that contains itself. */
function circle(a: number): object {
  const value: Record<string, unknown> = { a };
  value['self'] = [value];
  return value;
}

/** Those of the runner, which may not be those of its tests. */
const foreign = { Error: structuredClone(new RangeError('no')), Map: structuredClone(new Map([[1, 1]])) };

const promise = Promise.resolve();

describe('difference', () => {
  it.each<[unknown, unknown]>([
    [1, 1],
    [NaN, NaN],
    [{ a: [1, { b: null }] }, { a: [1, { b: null }] }],
    [JSON.parse('{"__proto__":1}'), JSON.parse('{"__proto__":1}')],
    [{ kind: 'lazy', a: 1 }, lazy],
    [circle(1), circle(1)],
    [new Date(0), new Date(0)],
    [/a/g, /a/g],
    [new URL('https://a.example/'), new URL('https://a.example/')],
    [new Map([['a', { b: 1 }]]), new Map([['a', { b: 1 }]])],
    [new Set([1, 2]), new Set([2, 1])],
    [new Set([{ a: 1 }]), new Set([{ a: 1 }])],
    [new Headers({ a: 'b' }), new Headers({ a: 'b' })],
    [Uint8Array.of(1, 2), Uint8Array.of(1, 2)],
    [promise, promise],
    [foreign.Map, new Map([[1, 1]])],
    [foreign.Error, new RangeError('no')],
    [new Refused('a'), new Refused('a')],
    [
      new StreamError('api', 'no', { partial: { a: 1 } }),
      new StreamError('api', 'no', { partial: { a: 1 } }),
    ],
  ])('finds none between %p and %p', (expected, actual) => {
    expect(difference(expected, actual)).toBeUndefined();
  });

  it.each<[unknown, unknown, string]>([
    [0, -0, ''],
    [1, '1', ''],
    [null, undefined, ''],
    [null, {}, ''],
    [{ a: 1 }, { a: 2 }, '.a'],
    [{ a: undefined }, {}, '.a'],
    [{}, { a: undefined }, '.a'],
    [[1, 2], [1], '[1]'],
    [[undefined], new Array(1), '[0]'],
    [[], {}, ''],
    [{ kind: 'lazy', a: 2 }, lazy, '.a'],
    [circle(1), circle(2), '.a'],
    [new Uint8Array(), new Uint16Array(), ''],
    [Uint8Array.of(1, 2), Uint8Array.of(1, 3), '[1]'],
    [new Uint8Array([1]).buffer, new Uint8Array([2]).buffer, '[0]'],
    [new Date(0), new Date(1), ''],
    [/a/, /a/g, ''],
    [new URL('https://a.example/'), new URL('https://b.example/'), ''],
    [new Map([['a', { b: 1 }]]), new Map([['a', { b: 2 }]]), '.get("a").b'],
    [new Map([[1, 1]]), new Map([[1, 2]]), '.get(1)'],
    [new Set([1, 2]), new Set([1, 3]), '[1]'],
    [new Headers({ a: 'b' }), new Headers({ a: 'c' }), '[0][1]'],
    [Promise.resolve(1), Promise.resolve(1), ''],
    [() => 1, () => 1, ''],
    [{ a: [{ b: 1 }] }, { a: [{ b: 2 }] }, '.a[0].b'],
    [JSON.parse('{"__proto__":1}'), {}, '.__proto__'],
    [new Error('no'), new TypeError('no'), ''],
    [new TypeError('no'), new StreamError('api', 'no'), ''],
    [new Error('no'), new Refused('a'), ''],
    [foreign.Error, new RangeError('yes'), '.message'],
    [new Error('no'), { message: 'no' }, ''],
    [new Refused('a'), new Refused('b'), '.reason'],
    [new AggregateError([new Error('a')]), new AggregateError([new Error('b')]), '.errors[0].message'],
    [new StreamError('api', 'no'), new StreamError('limit', 'no'), '.code'],
    [new StreamError('api', 'no'), new StreamError('api', 'yes'), '.message'],
    [
      new StreamError('timeout', 'no', { kind: 'idle', timeoutMs: 1 }),
      new StreamError('timeout', 'no', { kind: 'idle', timeoutMs: 2 }),
      '.timeoutMs',
    ],
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
  ])('between %p and %p is at the first place', (expected, actual, path) => {
    expect(difference(expected, actual)?.path).toBe(path);
    expect(difference(actual, expected)?.path).toBe(path);
  });

  it('says what stands in each, and what stands in only one', () => {
    expect(difference({ a: 1 }, { a: 2 })).toEqual({ path: '.a', expected: 1, actual: 2 });
    expect(difference({ a: 1 }, {})).toEqual({ path: '.a', expected: 1, actual: MISSING });
    expect(difference({}, { a: 1 })).toEqual({ path: '.a', expected: MISSING, actual: 1 });
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

  it('copies a value that contains itself', () => {
    const value = circle(1);
    expect(difference(copyOf(value), value)).toBeUndefined();
  });
});

describe('deepFreeze', () => {
  it('freezes all through, and leaves bytes, errors and what has a class as they are', () => {
    const error = new Error('no');
    const value = deepFreeze({ a: [{ b: 1 }], bytes: new Uint8Array(2), error, lazy: new Lazy() });
    expect(() => Object.assign(value.a[0] ?? {}, { b: 2 })).toThrow('read only');
    expect(Object.isFrozen(error)).toBe(false);
    expect(Object.isFrozen(value.lazy)).toBe(false);
  });
});
