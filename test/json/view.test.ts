import { isProxy } from 'node:util/types';
import { inspect, isDeepStrictEqual } from 'node:util';
import { createJsonReader } from '../../src/json/jsonReader.js';
import type { JsonArray, JsonObject } from '../../src/json/value.js';

const ITEMS = Array.from({ length: 2000 }, (_, id) => ({ id, name: `item ${id}` }));
const MEMBERS = Object.fromEntries(ITEMS.map((item) => [`key ${item.id}`, item]));

function wideArray(): JsonArray {
  return createJsonReader({ views: true }).write(
    `${JSON.stringify(ITEMS).slice(0, -1)},{"id":2000,"name":"it`,
  ).value as JsonArray;
}

function wideObject(): JsonObject {
  return createJsonReader({ views: true }).write(`${JSON.stringify(MEMBERS).slice(0, -1)},"last":"it`)
    .value as JsonObject;
}

const SHOWN_ARRAY = [...ITEMS, { id: 2000, name: 'it' }];
const SHOWN_OBJECT = { ...MEMBERS, last: 'it' };

describe('a view of a wide open array', () => {
  it('answers for its items and its length', () => {
    const view = wideArray();
    expect(isProxy(view)).toBe(true);
    expect(view).toHaveLength(2001);
    expect(view[0]).toEqual({ id: 0, name: 'item 0' });
    expect(view.at(-1)).toEqual({ id: 2000, name: 'it' });
    expect(view[2001]).toBeUndefined();
    expect(Reflect.get(view, '01')).toBeUndefined();
    expect(Reflect.get(view, '-1')).toBeUndefined();
    expect(Reflect.get(view, '1.5')).toBeUndefined();
  });

  it.each<[string, (view: JsonArray) => unknown, unknown]>([
    ['Array.isArray', (view) => Array.isArray(view), true],
    ['instanceof', (view) => view instanceof Array, true],
    ['its prototype', (view) => Object.getPrototypeOf(view) === Array.prototype, true],
    ['a spread', (view) => [...view], SHOWN_ARRAY],
    ['map', (view) => view.map((item) => item), SHOWN_ARRAY],
    ['slice', (view) => view.slice(-2), SHOWN_ARRAY.slice(-2)],
    ['concat', (view) => view.concat([0]), [...SHOWN_ARRAY, 0]],
    ['filter', (view) => view.filter((_, at) => at < 2), SHOWN_ARRAY.slice(0, 2)],
    ['its keys', (view) => Object.keys(view), Object.keys(SHOWN_ARRAY)],
    ['entries', (view) => Object.entries(view), Object.entries(SHOWN_ARRAY)],
    ['in', (view) => [0 in view, 2000 in view, 2001 in view, 'length' in view], [true, true, false, true]],
    ['JSON.stringify', (view) => JSON.stringify(view), JSON.stringify(SHOWN_ARRAY)],
    ['inspect', (view) => inspect(view), inspect(SHOWN_ARRAY)],
    ['node deep equality', (view) => isDeepStrictEqual(view, SHOWN_ARRAY), true],
    ['freezing', (view) => Object.isFrozen(Object.freeze(view)) && view.length, 2001],
  ])('is like the array to %s', (_name, look, expected) => {
    expect(look(wideArray())).toEqual(expected);
  });

  it('equals the array, also strictly', () => {
    expect(wideArray()).toEqual(SHOWN_ARRAY);
    expect(wideArray()).toStrictEqual(SHOWN_ARRAY);
    expect({ list: wideArray() }).toMatchObject({ list: SHOWN_ARRAY });
  });

  it('may be changed like a copy, without changing any other snapshot', () => {
    const reader = createJsonReader({ views: true });
    const before = reader.write(JSON.stringify(ITEMS).slice(0, -1));
    const changed = before.value as unknown[];
    changed.push('more');
    changed[0] = 'other';
    changed[1] = null;
    changed.length = 3;
    expect(changed).toEqual(['other', null, ITEMS[2]]);
    expect(reader.write(',"tail').value).toEqual([...ITEMS, 'tail']);
  });

  it('shows what it showed, read late, after the array was closed', () => {
    const reader = createJsonReader({ views: true });
    const early = reader.write(JSON.stringify(ITEMS).slice(0, -1));
    const open = reader.write(',"x');
    reader.write('y",1,2,3]');
    const value = reader.end() as JsonArray;
    expect(isProxy(value)).toBe(false);
    expect(value).toHaveLength(2004);
    expect(early.value).toEqual(ITEMS);
    expect((open.value as JsonArray)[2000]).toBe('x');
    expect((open.value as JsonArray)[2001]).toBeUndefined();
    expect(open.value).toEqual([...ITEMS, 'x']);
  });
});

describe('a view of a wide open object', () => {
  it('answers for its members', () => {
    const view = wideObject();
    expect(isProxy(view)).toBe(true);
    expect(view['key 0']).toEqual({ id: 0, name: 'item 0' });
    expect(view['last']).toBe('it');
    expect(view['other']).toBeUndefined();
    expect(typeof view['toString']).toBe('function');
  });

  it.each<[string, (view: JsonObject) => unknown, unknown]>([
    ['its prototype', (view) => Object.getPrototypeOf(view) === Object.prototype, true],
    ['a spread', (view) => ({ ...view }), SHOWN_OBJECT],
    ['its keys', (view) => Object.keys(view), Object.keys(SHOWN_OBJECT)],
    ['in', (view) => ['key 0' in view, 'last' in view, 'other' in view], [true, true, false]],
    ['Object.prototype.toString', (view) => Object.prototype.toString.call(view), '[object Object]'],
    ['Object.hasOwn', (view) => [Object.hasOwn(view, 'last'), Object.hasOwn(view, 'other')], [true, false]],
    ['JSON.stringify', (view) => JSON.stringify(view), JSON.stringify(SHOWN_OBJECT)],
    ['inspect', (view) => inspect(view), inspect(SHOWN_OBJECT)],
    ['node deep equality', (view) => isDeepStrictEqual(view, SHOWN_OBJECT), true],
  ])('is like the object to %s', (_name, look, expected) => {
    expect(look(wideObject())).toEqual(expected);
  });

  it('equals the object, also strictly', () => {
    expect(wideObject()).toEqual(SHOWN_OBJECT);
    expect(wideObject()).toStrictEqual(SHOWN_OBJECT);
  });

  it('shows the member it had, read late, when a key was repeated since', () => {
    const reader = createJsonReader({ views: true });
    const many = JSON.stringify(MEMBERS).slice(1, -1);
    const early = reader.write(`{${many},"a":1,"b":2,`);
    const open = reader.write('"a":"x');
    reader.write('y","c":3,"b":4}');
    expect((early.value as JsonObject)['a']).toBe(1);
    expect((early.value as JsonObject)['c']).toBeUndefined();
    expect((open.value as JsonObject)['a']).toBe('x');
    expect((open.value as JsonObject)['b']).toBe(2);
    expect(isProxy(early.value)).toBe(true);
    expect(early.value).toEqual({ ...MEMBERS, a: 1, b: 2 });
  });

  it('has hostile keys as own members', () => {
    const many = JSON.stringify(MEMBERS).slice(1, -1);
    const text = `{"__proto__":"p","constructor":"c",${many},"x":"`;
    const view = createJsonReader({ views: true }).write(text).value;
    expect(isProxy(view)).toBe(true);
    expect((view as JsonObject)['constructor']).toBe('c');
    expect((view as JsonObject)['__proto__']).toBe('p');
    expect(Object.keys(view ?? {})).toEqual(['__proto__', 'constructor', ...Object.keys(MEMBERS), 'x']);
  });
});

describe('a container that is not wide, or closed', () => {
  it('is plain, views or not', () => {
    const views = true;
    const narrow = createJsonReader({ views }).write(JSON.stringify(ITEMS.slice(0, 64)).slice(0, -1)).value;
    const closed = createJsonReader({ views }).write(`{"items":${JSON.stringify(ITEMS)},"text":"`).value;
    expect(isProxy(narrow)).toBe(false);
    expect(isProxy(closed)).toBe(false);
    expect(isProxy((closed as JsonObject)['items'])).toBe(false);
    expect(structuredClone(closed)).toEqual({ items: ITEMS, text: '' });
  });
});

describe('without views, a wide open container', () => {
  it.each([
    ['array', JSON.stringify(ITEMS).slice(0, -1), ITEMS],
    ['object', JSON.stringify(MEMBERS).slice(0, -1), MEMBERS],
  ])('is a plain %s', (_name, text, shown) => {
    const { value } = createJsonReader().write(text);
    expect(isProxy(value)).toBe(false);
    expect(structuredClone(value)).toEqual(shown);
    expect(Object.getPrototypeOf(value)).toBe(Object.getPrototypeOf(shown));
  });

  it('may be frozen, and what comes after it grows on', () => {
    const reader = createJsonReader();
    const first = Object.freeze(reader.write('{"list":[1,{"a":"x').value as JsonObject);
    Object.freeze(first['list']);
    Object.freeze((first['list'] as JsonArray)[1]);
    expect(reader.write('y"},2').value).toEqual({ list: [1, { a: 'xy' }] });
    reader.write(']}');
    expect(reader.end()).toEqual({ list: [1, { a: 'xy' }, 2] });
    expect(first).toEqual({ list: [1, { a: 'x' }] });
  });
});
