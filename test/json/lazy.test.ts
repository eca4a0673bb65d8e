import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { StreamError } from '../../src/errors/streamError.js';
import { applyGrowth } from '../../src/json/growth.js';
import { createJsonReader } from '../../src/json/jsonReader.js';
import type { JsonSnapshot } from '../../src/json/snapshot.js';
import type { JsonValue } from '../../src/json/value.js';
import { runs } from '../seed.js';
import { isThorough } from '../thorough.js';
import { CUTS, JSON_TEXT, cut } from './texts.js';

/** What one snapshot said. */
interface Told {
  readonly value: string | undefined;
  readonly growth: string;
  readonly changed: boolean;
  readonly complete: boolean;
}

function told({ value, growth, changed, complete }: JsonSnapshot): Told {
  return { value: JSON.stringify(value), growth: JSON.stringify(growth), changed, complete };
}

/** Reads a text and looks at the snapshots that `looksAt` names at once, at the others in the end, the last first. */
function readLooking(
  fragments: readonly string[],
  looksAt: (index: number) => boolean,
): { readonly told: readonly Told[]; readonly snapshots: readonly JsonSnapshot[]; readonly error: unknown } {
  const reader = createJsonReader();
  const snapshots: JsonSnapshot[] = [];
  const all: Told[] = [];
  let error: unknown;
  try {
    for (const [index, fragment] of fragments.entries()) {
      const snapshot = reader.write(fragment);
      snapshots.push(snapshot);
      if (looksAt(index)) all[index] = told(snapshot);
    }
    reader.end();
  } catch (thrown) {
    error = thrown;
  }
  for (let index = snapshots.length - 1; index >= 0; index -= 1) {
    const snapshot = snapshots[index];
    if (snapshot !== undefined) all[index] ??= told(snapshot);
  }
  return { told: all, snapshots, error };
}

/** A text with a string, a key and a number so long that they span what waits. */
const LONG_TEXT = fc
  .tuple(
    fc.array(
      fc.constantFrom(
        'plain text, ',
        '\\n',
        '\\"',
        '\\\\',
        '\\u00e9',
        'é',
        '€',
        '😀',
        '\\ud83d',
        '\\ude00',
        '\ud83d',
      ),
      { minLength: 1, maxLength: 9 },
    ),
    fc.integer({ min: 600, max: 2500 }),
    JSON_TEXT,
  )
  .map(([parts, times, rest]) => `{"long":"${parts.join('').repeat(times)}","rest":[${rest},${rest}]}`);

const LONG_CUTS = fc
  .array(fc.constantFrom(0, 1, 3, 64, 333, 700), { minLength: 1, maxLength: 8 })
  .map((lengths) => [...lengths, 997]);

describe('a snapshot that nobody has looked at', () => {
  it('says what it would have said at once, whichever others were looked at', () => {
    fc.assert(
      fc.property(JSON_TEXT, CUTS, fc.integer({ min: 2, max: 7 }), fc.nat(6), (text, cuts, every, first) => {
        const fragments = cut(text, cuts);
        const eager = readLooking(fragments, () => true);
        expect(eager.error).toBeUndefined();
        expect(readLooking(fragments, () => false).told).toEqual(eager.told);
        expect(readLooking(fragments, (index) => index % every === first % every).told).toEqual(eager.told);
      }),
      { numRuns: runs(3000) },
    );
  });

  it('says it of long strings too', () => {
    fc.assert(
      fc.property(LONG_TEXT, LONG_CUTS, fc.integer({ min: 2, max: 40 }), (text, cuts, every) => {
        const fragments = cut(text, cuts);
        const eager = readLooking(fragments, () => true);
        expect(readLooking(fragments, () => false)).toMatchObject({ told: eager.told, error: undefined });
        expect(readLooking(fragments, (index) => index % every === 0).told).toEqual(eager.told);
        expect(eager.told.at(-1)?.value).toBe(JSON.stringify(JSON.parse(text)));
      }),
      { numRuns: runs(40) },
    );
  });

  it('shares what did not change with those before and after it', () => {
    fc.assert(
      fc.property(JSON_TEXT, CUTS, fc.integer({ min: 2, max: 7 }), (text, cuts, every) => {
        const { snapshots } = readLooking(cut(text, cuts), (index) => index % every === 0);
        for (const [index, snapshot] of snapshots.entries()) {
          const before = snapshots[index - 1]?.value;
          if (!snapshot.changed && index > 0) expect(snapshot.value).toBe(before);
          if (!Array.isArray(before) || !Array.isArray(snapshot.value)) continue;
          const settled = (before as JsonValue[]).slice(0, -1);
          expect(settled.every((item, at) => (snapshot.value as JsonValue[])[at] === item)).toBe(true);
        }
      }),
      { numRuns: runs(1000) },
    );
  });

  it('says the growth from the one before it, within what was read at once and across', () => {
    const text = JSON.stringify(
      Array.from({ length: isThorough ? 600 : 200 }, (_, id) => ({ id, name: `item "${id}"` })),
    );
    const { snapshots } = readLooking(cut(text, [5]), (index) => index % 100 === 99);
    let value: JsonValue | undefined;
    for (const snapshot of snapshots) {
      value = applyGrowth(value, snapshot.growth);
      expect(isDeepStrictEqual(value, snapshot.value)).toBe(true);
    }
    expect(value).toEqual(JSON.parse(text));
  });
});

describe('an error', () => {
  it('is thrown at once, and no look at a snapshot throws', () => {
    const reader = createJsonReader();
    expect(() => reader.write('[1,]')).toThrow(/position 3/);
    expect(reader.snapshot).toMatchObject({ value: [1], complete: false });
    expect(() => reader.write('2]')).toThrow(StreamError);
    expect(() => reader.end()).toThrow(/position 3/);
  });

  it('is told to whoever asks for it', () => {
    const reader = createJsonReader();
    reader.write('[1,');
    expect(reader.failure).toBeUndefined();
    expect(() => reader.write(']')).toThrow(/position 3/);
    expect(reader.failure).toMatchObject({ code: 'malformed' });
    expect(reader.position).toBe(3);
    expect(() => reader.write('2')).toThrow(reader.failure);
  });

  it.each([
    ['[1,]', 3],
    [`["${'long '.repeat(3000)}\n"]`, 15_002],
    [`["${'long\\n'.repeat(3000)}\\x"]`, 18_003],
  ])('is found with the fragment it stands in: %#', (text, position) => {
    const reader = createJsonReader();
    let written = 0;
    expect(() => {
      for (const fragment of cut(text + ' '.repeat(64), [16])) {
        written += fragment.length;
        reader.write(fragment);
      }
    }).toThrow(`position ${position}`);
    expect(written).toBeLessThan(position + 17);
  });

  it('is the same at the same place, looked at or not', () => {
    const broken = fc
      .tuple(JSON_TEXT, fc.nat(), fc.constantFrom('x', '"', ',', '\u0001', '\\'))
      .map(([text, seed, what]) => {
        const at = seed % (text.length + 1);
        return text.slice(0, at) + what + text.slice(at);
      });
    fc.assert(
      fc.property(broken, CUTS, fc.integer({ min: 2, max: 7 }), (text, cuts, every) => {
        const fragments = cut(text, cuts);
        const errors = [() => true, () => false, (index: number) => index % every === 0].map((looksAt) => {
          const { error } = readLooking(fragments, looksAt);
          return error instanceof StreamError ? `${error.message} at ${error.raw}` : error;
        });
        expect(new Set(errors).size).toBe(1);
      }),
      { numRuns: runs(1000) },
    );
  });
});
