import fc from 'fast-check';
import { COLUMNS, PIXELS } from '../../src/pictures/measure.js';
import { duration, elapsed, timeAxis } from '../../src/pictures/timeAxis.js';
import '../seed.js';

const waits = fc.array(fc.oneof(fc.nat({ max: 50 }), fc.nat({ max: 5000 }), fc.nat({ max: 5_000_000 })), {
  minLength: 1,
  maxLength: 50,
});
const rulers = fc.constantFrom([PIXELS, 900] as const, [PIXELS, 216] as const, [COLUMNS, 26] as const);

function sums(waits: readonly number[]): number[] {
  let time = 0;
  return [...new Set([0, ...waits.map((wait) => (time += wait))])];
}

describe('timeAxis', () => {
  it('keeps the order of time, and fills the track', () => {
    fc.assert(
      fc.property(waits, rulers, (waits, [ruler, width]) => {
        const times = sums(waits);
        const { at } = timeAxis(times, width, ruler);
        const places = times.map(at);
        expect(places).toEqual([...places].sort((a, b) => a - b));
        expect(places.every(Number.isInteger)).toBe(true);
        expect(places[0]).toBeGreaterThanOrEqual(0);
        expect(places.at(-1)).toBeLessThanOrEqual(width);
        if (times.length > 1) expect(places.at(-1)).toBeGreaterThanOrEqual(width - 1);
      }),
    );
  });

  it('lets no words touch that stand beside it', () => {
    fc.assert(
      fc.property(waits, rulers, (waits, [ruler, width]) => {
        const { silences, ticks } = timeAxis(sums(waits), width, ruler);
        const words = [
          ...silences.map(({ left, right, label }) => ({ left, right, needs: ruler.widthOf(label) })),
          ...ticks.map(({ at, label }) => ({ left: at, right: at + ruler.widthOf(label), needs: 0 })),
        ].sort((a, b) => a.left - b.left);
        words.forEach(({ left, right, needs }, nth) => {
          expect(right - left).toBeGreaterThan(needs);
          expect(right).toBeLessThanOrEqual(words[nth + 1]?.left ?? width);
        });
      }),
    );
  });

  it('shortens what is far longer than the rest, and nothing else', () => {
    const silencesOf = (times: number[]) => timeAxis(times, 800, PIXELS).silences.map(({ label }) => label);
    expect(silencesOf([0, 100, 200, 300, 400])).toEqual([]);
    expect(silencesOf([0, 10, 20, 9020, 9030, 9040])).toEqual(['9 s']);
    expect(silencesOf([0, 10, 20, 9020, 9030, 99_030, 99_040])).toEqual(['9 s', '1.5 min']);
    expect(silencesOf([0, 60_000])).toEqual([]);
  });

  it('is to scale between silences', () => {
    const { at } = timeAxis([0, 10, 20, 9020, 9030, 9060], 800, PIXELS);
    expect(at(9060) - at(9030)).toBeCloseTo(3 * (at(20) - at(10)), -1);
  });

  it.each([
    [12, '12 ms', '12 ms'],
    [1234, '1.2 s', '1.23 s'],
    [59_990, '60 s', '59.99 s'],
    [90_000, '1.5 min', '1 min 30 s'],
    [120_000, '2 min', '2 min'],
  ])('tells %d ms as a wait and as a moment', (ms, wait, moment) => {
    expect([duration(ms), elapsed(ms)]).toEqual([wait, moment]);
  });
});
