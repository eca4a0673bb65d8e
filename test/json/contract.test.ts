import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { applyGrowth } from '../../src/json/growth.js';
import { createJsonReader } from '../../src/json/jsonReader.js';
import type { JsonValue } from '../../src/json/value.js';
import { runs } from '../seed.js';
import { isThorough } from '../thorough.js';
import { ACCEPTED } from './corpus.js';
import { CUTS, JSON_TEXT, cut, isPrefixOf, readAll } from './texts.js';

const VIEWS = fc.boolean();

/** 65 members and 65 items around the text, so that with views it stands in containers that are shown through them. */
const WIDE = `{${Array.from({ length: 65 }, (_, id) => `"k${id}":0,`).join('')}"last":[${'0,'.repeat(65)}`;

function cutWithin(text: string, cuts: readonly number[], views: boolean): readonly string[] {
  return views ? [WIDE, ...cut(text, cuts), ']}'] : cut(text, cuts);
}

function hasRepeatedKey(text: string): boolean {
  let members = 0;
  JSON.parse(text, (_key, value: unknown) => {
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      members += Object.keys(value).length;
    return value;
  });
  const strings = text.match(/"(?:[^"\\]|\\.)*"\s*:/gs) ?? [];
  return strings.length !== members;
}

function pathsOf(value: JsonValue | undefined): ReadonlyMap<string, JsonValue> {
  const found = new Map<string, JsonValue>();
  const visit = (inner: JsonValue | undefined, path: string): void => {
    if (typeof inner !== 'object' || inner === null) return;
    found.set(path, inner);
    for (const [key, member] of Object.entries(inner)) visit(member, `${path}/${JSON.stringify(key)}`);
  };
  visit(value, '');
  return found;
}

describe('the JSON reader', () => {
  it('ends with what JSON.parse makes of the text', () => {
    fc.assert(
      fc.property(JSON_TEXT, CUTS, VIEWS, (text, cuts, views) => {
        const { value } = readAll(cutWithin(text, cuts, views), { views });
        const parsed: unknown = JSON.parse(views ? `${WIDE}${text}]}` : text);
        expect(isDeepStrictEqual(value, parsed)).toBe(true);
        expect(JSON.stringify(value)).toBe(JSON.stringify(parsed));
      }),
      { numRuns: runs(1000) },
    );
  });

  it('reads every decimal as JSON.parse does, exact ones without conversion too', () => {
    const digits = (maxLength: number): fc.Arbitrary<string> =>
      fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength });
    const decimal = fc
      .tuple(fc.constantFrom('', '-'), digits(10), fc.option(digits(12)), fc.constantFrom('', 'e5', 'E-7'))
      .map(([sign, whole, fraction, power]) => {
        const integer = whole.replace(/^0+(?=\d)/, '');
        return `${sign}${integer}${fraction === null ? '' : `.${fraction}`}${power}`;
      });
    fc.assert(
      fc.property(decimal, fc.nat(24), (text, cut) => {
        const reader = createJsonReader();
        reader.write(`[${text.slice(0, cut)}`);
        reader.write(`${text.slice(cut)},0]`);
        expect(reader.end()).toStrictEqual(JSON.parse(`[${text},0]`));
      }),
      { numRuns: runs(2_000) },
    );
  });

  it('shows prefixes: what a snapshot shows, every later one shows too', () => {
    fc.assert(
      fc.property(JSON_TEXT, CUTS, VIEWS, (text, cuts, views) => {
        fc.pre(!hasRepeatedKey(text));
        const { snapshots } = readAll(cutWithin(text, cuts, views), { views });
        const values = snapshots.map(({ value }) => value);
        for (const [at, value] of values.entries())
          expect(isPrefixOf(value, values[at + 1] ?? value)).toBe(true);
      }),
      { numRuns: runs(1000) },
    );
  });

  it('shows the same after the same characters, however they were cut', () => {
    fc.assert(
      fc.property(JSON_TEXT, CUTS, (text, cuts) => {
        const shown: (JsonValue | undefined)[] = [];
        readAll(cut(text, [1]), {}, ({ value }) => shown.push(value));
        let length = 0;
        const reader = createJsonReader();
        return cut(text, cuts).every((fragment) => {
          length += fragment.length;
          const { value } = reader.write(fragment);
          return isDeepStrictEqual(value, length === 0 ? undefined : shown[length - 1]);
        });
      }),
      { numRuns: runs(1000) },
    );
  });

  it('shows an open string as far as JSON.parse could read it', () => {
    const parts = fc.array(
      fc.constantFrom(
        'a',
        ' ',
        '\\n',
        '\\"',
        '\\\\',
        '\\u0041',
        '\\u20ac',
        '😀',
        '\\ud83d',
        '\\ude00',
        '\ud83d',
        '\ude00',
      ),
      { maxLength: 10 },
    );
    fc.assert(
      fc.property(parts, CUTS, (characters, cuts) => {
        const reader = createJsonReader();
        for (const fragment of cut(`[{"key":"${characters.join('')}`, cuts)) reader.write(fragment);
        const whole: unknown = JSON.parse(`"${characters.join('')}"`);
        expect(reader.snapshot.value).toEqual([{ key: String(whole).replace(/[\ud800-\udbff]+$/, '') }]);
      }),
      { numRuns: runs(1000) },
    );
  });

  it('shows the same in a snapshot read late, in any order, twice', () => {
    fc.assert(
      fc.property(JSON_TEXT, CUTS, VIEWS, fc.nat(), (text, cuts, views, seed) => {
        const fragments = cutWithin(text, cuts, views);
        const early: string[] = [];
        readAll(fragments, {}, ({ value }) => early.push(JSON.stringify(value)));
        const { snapshots } = readAll(fragments, { views });
        const order = snapshots
          .map((_, at) => at)
          .sort((a, b) => ((a * 31 + seed) % 17) - ((b * 31 + seed) % 17));
        const values = new Map(order.map((at) => [at, snapshots[at]?.value]));
        return order.every((at) => {
          const value = snapshots[at]?.value;
          return value === values.get(at) && JSON.stringify(value) === early[at];
        });
      }),
      { numRuns: isThorough ? 2_000 : 100, seed: 4711 },
    );
  });

  it('never changes a snapshot that it has shown', () => {
    fc.assert(
      fc.property(JSON_TEXT, CUTS, VIEWS, (text, cuts, views) => {
        const shown: (readonly [JsonValue | undefined, string])[] = [];
        readAll(cutWithin(text, cuts, views), { views }, ({ value }) =>
          shown.push([value, JSON.stringify(value)]),
        );
        return shown.every(([value, then]) => JSON.stringify(value) === then);
      }),
      { numRuns: runs(1000) },
    );
  });

  it('keeps every array and object that did not change the same object', () => {
    fc.assert(
      fc.property(JSON_TEXT, CUTS, (text, cuts) => {
        fc.pre(!hasRepeatedKey(text));
        let before: ReadonlyMap<string, JsonValue> = new Map();
        const replaced: string[] = [];
        readAll(cut(text, cuts), {}, ({ value }) => {
          const now = pathsOf(value);
          for (const [path, inner] of now) {
            const earlier = before.get(path);
            if (earlier !== undefined && earlier !== inner && isDeepStrictEqual(earlier, inner))
              replaced.push(path);
          }
          before = now;
        });
        expect(replaced).toEqual([]);
      }),
      { numRuns: runs(1000) },
    );
  });

  it('tells the growth from each snapshot to the next, early or late', () => {
    fc.assert(
      fc.property(JSON_TEXT, CUTS, VIEWS, fc.boolean(), (text, cuts, views, late) => {
        const { snapshots } = readAll(
          cutWithin(text, cuts, views),
          { views },
          late ? undefined : ({ growth }) => growth.length,
        );
        let before: JsonValue | undefined;
        return snapshots.every(({ value, growth }) => {
          before = applyGrowth(before, growth);
          return isDeepStrictEqual(before, value);
        });
      }),
      { numRuns: runs(1000) },
    );
  });

  it.each(ACCEPTED)('keeps the contract over every cut of %j', (text) => {
    const whole: unknown = JSON.parse(text);
    const wrong: (readonly string[])[] = [];
    for (let first = 0; first <= text.length; first += 1) {
      for (let second = first; second <= text.length; second += 1) {
        const fragments = [text.slice(0, first), text.slice(first, second), text.slice(second)];
        if (!isDeepStrictEqual(readAll(fragments).value, whole)) wrong.push(fragments);
      }
    }
    expect(wrong).toEqual([]);
  });
});
