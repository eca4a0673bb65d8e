import fc from 'fast-check';
import { scaleOf, ticksOf, type TimeScale } from '../../playground/model/scale.js';

/** Times that grow by these waits. */
const timesAfter = (waits: readonly number[]): readonly number[] => {
  let at = 0;
  return waits.map((wait) => (at += wait));
};

const written = (scale: TimeScale): readonly number[] =>
  ticksOf(scale, 0, scale.width, 74).map(({ ms }) => ms);

describe('a time on the axis', () => {
  it('is a round one', () => {
    const even = timesAfter(Array.from({ length: 40 }, () => 2));
    expect(written(scaleOf([even], 1)).slice(0, 5)).toEqual([0, 5, 10, 15, 20]);
    expect(written(scaleOf([even], 0.3)).slice(0, 5)).toEqual([0, 20, 40, 60, 80]);
    expect(written(scaleOf([timesAfter([0, 10, 10, 10, 10])], 8))).toEqual([
      0, 5, 10, 15, 20, 25, 30, 35, 40,
    ]);
  });

  it('is 1, 2 or 5 times a power of ten apart from the next, with room between them, whatever comes when', () => {
    const waits = fc.array(fc.oneof(fc.nat(30), fc.nat(9_000)), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(waits, fc.double({ min: 0.05, max: 8, noNaN: true }), (gaps, zoom) => {
        const scale = scaleOf([timesAfter(gaps)], zoom);
        const ticks = ticksOf(scale, 0, scale.width, 74);
        for (const [nth, { x, ms }] of ticks.entries()) {
          expect(Number.isInteger(ms)).toBe(true);
          expect(scale.x(ms)).toBe(x);
          const before = ticks[nth - 1];
          if (before) expect(x - before.x).toBeGreaterThanOrEqual(74);
        }
      }),
    );
  });

  it('is none within a silence that is drawn shorter', () => {
    const waits = [...Array.from({ length: 30 }, () => 7), 4_000, 7, 7, 7, 7, 7, 7, 7, 7];
    const scale = scaleOf([timesAfter(waits)], 2);
    const [silence] = scale.silences;
    const ticks = ticksOf(scale, 0, scale.width, 74);
    const inside = ticks.filter(({ x }) => silence && x > silence.from && x < silence.to);
    expect(silence?.ms).toBe(4_000);
    expect(inside).toEqual([]);
    expect(ticks.filter(({ ms }) => ms > 4_210).length).toBeGreaterThan(1);
  });
});

describe('the scale', () => {
  it('gives values of one moment room, after the row that has the most of them then', () => {
    const one = [0, 5, 5, 5, 10];
    const other = [0, 5, 7, 10, 10];
    const scale = scaleOf([one, other, one], 1);
    const places = [0, 5, 7, 10].map((time) => scale.x(time));
    expect([...places].sort((a, b) => a - b)).toEqual(places);
    // A usual wait is 3 ms: 2 ms are two thirds of 30 px, and two more values have 9 px each.
    expect((places[2] ?? 0) - (places[1] ?? 0)).toBeCloseTo(20 + 18);
    expect((places[3] ?? 0) - (places[2] ?? 0)).toBeCloseTo(30);
    expect(scale.time(scale.x(7))).toBeCloseTo(7);
  });

  it('is the same as of each row alone, where they are alike', () => {
    const times = timesAfter(Array.from({ length: 500 }, (_, nth) => nth % 7));
    const [one, two] = [scaleOf([times], 1), scaleOf([times, [...times], times.slice(9)], 1)];
    expect(two.width).toBe(one.width);
    expect([50, 500, 1_000].map((time) => two.x(time))).toEqual([50, 500, 1_000].map((time) => one.x(time)));
  });
});
