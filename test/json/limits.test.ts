import { createJsonReader, type JsonReader, type JsonReaderOptions } from '../../src/json/jsonReader.js';
import { StreamError } from '../../src/errors/streamError.js';
import type { JsonArray, JsonValue } from '../../src/json/value.js';
import { isThorough } from '../thorough.js';
import { cpuTime, leastCpuTime } from '../cpuTime.js';
import { cut } from './texts.js';

function errorOf(action: () => unknown): StreamError {
  try {
    action();
  } catch (error) {
    if (error instanceof StreamError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** The least of a few runs of each, in turn: whatever else the machine does can only add to it, and adds to both. */
function leastTimesOf(one: () => void, other: () => void): readonly [number, number] {
  const rounds = Array.from({ length: isThorough ? 5 : 2 }, () => [cpuTime(one), cpuTime(other)] as const);
  return [Math.min(...rounds.map(([time]) => time)), Math.min(...rounds.map(([, time]) => time))];
}

function readMembers(text: string, options: JsonReaderOptions, every: number): void {
  const reader: JsonReader = createJsonReader(options);
  for (const [at, fragment] of cut(text, [16]).entries()) {
    const snapshot = reader.write(fragment);
    if (at % every === 0 && Array.isArray(snapshot.value)) snapshot.value.at(-1);
  }
  reader.end();
}

describe('the limits', () => {
  it('lets as many levels pass as allowed, and names the bracket that is one too many', () => {
    expect(createJsonReader({ maxDepth: 3 }).write('[{"a":[]}]').complete).toBe(true);
    const reader = createJsonReader({ maxDepth: 3 });
    const error = errorOf(() => reader.write('[{"a":["x",[]]}]'));
    expect(error).toMatchObject({ code: 'limit', retryable: false });
    expect(error.message).toBe('The JSON text nests deeper than 3 levels, at position 11');
    expect(reader.position).toBe(11);
    expect(reader.snapshot.value).toEqual([{ a: ['x'] }]);
  });

  it('lets 512 levels pass by default', () => {
    expect(createJsonReader().write('['.repeat(512)).complete).toBe(false);
    const reader = createJsonReader();
    expect(errorOf(() => reader.write('['.repeat(513))).code).toBe('limit');
    expect(reader.failure).toMatchObject({ code: 'limit' });
  });

  it('answers 100,000 nested arrays with an error, not a crash', () => {
    const text = '['.repeat(100_000) + ']'.repeat(100_000);
    expect(errorOf(() => createJsonReader().write(text)).code).toBe('limit');
  });

  it('reads 100,000 nested arrays where that is allowed', () => {
    const reader = createJsonReader({ maxDepth: Infinity });
    const open = reader.write('['.repeat(100_000));
    reader.write(']'.repeat(100_000));
    let depth = 0;
    let inner: JsonValue | undefined = reader.end();
    for (; inner !== undefined; depth += 1) inner = (inner as JsonArray)[0];
    expect(depth).toBe(100_000);
    expect(open.value).toHaveLength(1);
    expect(open.growth).toHaveLength(1);
  });

  it('names the length that was exceeded', () => {
    expect(createJsonReader({ maxLength: 8 }).write('["abcd"]').complete).toBe(true);
    const reader = createJsonReader({ maxLength: 8 });
    reader.write('["abc');
    expect(errorOf(() => reader.write('defghi"]'))).toMatchObject({
      code: 'limit',
      message: 'The JSON text is longer than 8 characters',
    });
    expect(reader.position).toBe(8);
    expect(reader.snapshot.value).toEqual(['abcdef']);
  });

  it('prefers what is wrong before the limit to the limit', () => {
    expect(errorOf(() => createJsonReader({ maxLength: 4 }).write('[1,]   ')).code).toBe('malformed');
  });
});

/** What is measured takes a while: CI looks at the lengths that count, and a shorter one shows what is broken. */
const LENGTH = isThorough ? 1 : 1 / 4;

describe('the cost', () => {
  it.each([
    ['one fragment', 10_000_000],
    ['fragments of 4 KiB', 4096],
  ])('of a string of 10,000,000 characters in %s is less than a second', (_name, length) => {
    const text = JSON.stringify([
      'a "quoted" word and some more, as code and prose have it\n'.repeat(175_000 * LENGTH),
    ]);
    const reader = createJsonReader();
    const time = cpuTime(() => {
      for (const fragment of cut(text, [length])) reader.write(fragment);
      expect(reader.end()).toHaveLength(1);
    });
    expect(time).toBeLessThan(1000);
  });

  it('of a string of nothing but backslashes too, and of one that long strings end in often', () => {
    const rows = JSON.stringify('\\'.repeat(2_500_000));
    const short = JSON.stringify(Array<string>(1_000).fill('words '.repeat(900)));
    const time = cpuTime(() => {
      for (const text of [rows, short]) {
        const reader = createJsonReader();
        reader.write(text);
        expect(JSON.stringify(reader.end())).toHaveLength(text.length);
      }
    });
    expect(time).toBeLessThan(1000);
  });

  it('of a number of a million digits too', () => {
    const reader = createJsonReader();
    const time = cpuTime(() => {
      for (const fragment of cut('9'.repeat(1_000_000), [7])) reader.write(fragment);
      expect(reader.end()).toBe(Infinity);
    });
    expect(time).toBeLessThan(1000);
  });

  const growing: [string, (length: number) => string][] = [
    ['one string', (length) => JSON.stringify('some words\n'.repeat(length / 11))],
    [
      'an array of objects',
      (length) => JSON.stringify(Array.from({ length: length / 32 }, (_, id) => ({ id, name: 'a name' }))),
    ],
    [
      'an array of numbers',
      (length) => JSON.stringify(Array.from({ length: length / 8 }, (_, id) => 1_000_000 + id)),
    ],
    [
      'an object',
      (length) =>
        JSON.stringify(Object.fromEntries(Array.from({ length: length / 16 }, (_, id) => [`k${id}`, id]))),
    ],
    [
      'arrays within arrays',
      (length) => JSON.stringify(Array.from({ length: length / 64 }, () => [[[['a', 'b']]], [[['c']]]])),
    ],
  ];
  // Four times the text may take four times as long; quadratic time would take sixteen times. Short texts say nothing, so
  // who has no time measures one.
  it.each(growing.slice(0, isThorough ? growing.length : 1))(
    'of %s grows with its length, every snapshot read through views',
    (_name, textOf) => {
      const short = textOf(2 ** 17);
      const long = textOf(2 ** 19);
      const read = (text: string): void => readMembers(text, { views: true }, 1);
      read(short);
      const [ofShort, ofLong] = leastTimesOf(
        () => read(short),
        () => read(long),
      );
      expect(ofLong / ofShort).toBeLessThan(13);
    },
  );

  it.each([
    ['array', JSON.stringify(Array.from({ length: 20_000 }, (_, id) => ({ id, name: 'a name' }))), 1000],
    [
      'object',
      JSON.stringify(Object.fromEntries(Array.from({ length: 10_000 }, (_, id) => [`k${id}`, id]))),
      1500,
    ],
  ])(
    'of plain snapshots of a wide %s, one in a hundred read, is less than a second or two',
    (_name, text, most) => {
      expect(cpuTime(() => readMembers(text, {}, 100))).toBeLessThan(most);
    },
  );

  it('of many wide containers within each other stays bounded, every snapshot read', () => {
    const wide = `${'0,'.repeat(1000)}[`;
    for (const [views, reads] of [
      [true, 1000 * LENGTH],
      [false, 100 * LENGTH],
    ] as const) {
      const reader = createJsonReader({ views });
      reader.write(`[${wide.repeat(500 * LENGTH)}"`);
      // What is read goes on, so another run of it is one more of the same.
      const read = (): void => {
        for (let at = 0; at < reads; at += 1) expect(reader.write('x').value).toHaveLength(1001);
      };
      expect(leastCpuTime(read, 3000)).toBeLessThan(3000);
    }
  });
});
