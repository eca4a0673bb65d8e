import fc from 'fast-check';
import type { Drawing, Face, Look, Marble, Tone } from '../../src/pictures/drawing.js';
import { textWidth } from '../../src/pictures/measure.js';
import { toSvg } from '../../src/pictures/toSvg.js';
import { cpuTime } from '../cpuTime.js';
import { runs } from '../seed.js';

const face: fc.Arbitrary<Face> = fc.record({
  label: fc.string({ unit: 'grapheme', maxLength: 24 }),
  tone: fc.constantFrom<Tone[]>(0, 1, 2, 7, 'message', 'ping', 'error', 'unknown', 'value'),
  look: fc.constantFrom<Look>('outline', 'tint', 'solid', 'dashed'),
});
const marble: fc.Arbitrary<Marble> = fc.record({
  time: fc.nat({ max: 40 }).map((step) => (step > 35 ? step * 1000 : step)),
  faces: fc.array(face, { minLength: 1, maxLength: 3 }),
  framed: fc.boolean(),
});
const line = fc.array(marble, { maxLength: 12 }).map((marbles) => {
  const sorted = [...marbles].sort((a, b) => a.time - b.time);
  const until = sorted.at(-1)?.time ?? 3;
  return { kind: 'line', marbles: sorted, until, end: { time: until, kind: 'complete' } } as const;
});
const drawing: fc.Arbitrary<Drawing> = fc.array(line, { minLength: 1, maxLength: 3 }).map((rows) => ({
  title: 'f()',
  rows: rows.flatMap((row) => [row, { kind: 'operator', text: 'f()' } as const]),
}));

interface Pill {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly label: string;
}

function pillsOf(svg: string): Pill[] {
  const pattern =
    /<g class="\S+ \S+"><rect x="([^"]+)" y="([^"]+)" width="([^"]+)" height="([^"]+)".*?<text[^>]*>([^<]*)</gs;
  return [...svg.matchAll(pattern)].map(([, x, y, width, height, label = '']) => ({
    x: Number(x),
    y: Number(y),
    width: Number(width),
    height: Number(height),
    label: label.replace(/&(amp|lt|gt|quot);/g, '&'),
  }));
}

function overlap(a: Pill, b: Pill): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

describe('the picture of a drawing', () => {
  it('never lets two pills overlap, nor a pill leave the picture', () => {
    fc.assert(
      fc.property(drawing, (drawn) => {
        const svg = toSvg(drawn);
        const pills = pillsOf(svg);
        const faces = drawn.rows.flatMap((row) =>
          row.kind === 'line' ? row.marbles.flatMap((one) => one.faces) : [],
        );
        expect(pills).toHaveLength(faces.length);
        const [, width = '0', height = '0'] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg) ?? [];
        expect(
          pills.filter((pill, nth) => pills.slice(nth + 1).some((other) => overlap(pill, other))),
        ).toEqual([]);
        for (const pill of pills) {
          expect(pill.x).toBeGreaterThan(0);
          expect(pill.x + pill.width).toBeLessThan(Number(width));
          expect(pill.y + pill.height).toBeLessThan(Number(height));
        }
      }),
      { numRuns: runs(100) },
    );
  });

  it('makes each pill wide enough for its label', () => {
    fc.assert(
      fc.property(drawing, (drawn) => {
        for (const { label, width } of pillsOf(toSvg(drawn))) {
          expect(width).toBeGreaterThanOrEqual(textWidth(label) + 10);
        }
      }),
      { numRuns: runs(50) },
    );
  });

  it('says the same for the same drawing', () => {
    fc.assert(
      fc.property(drawing, (drawn) => {
        expect(toSvg(structuredClone(drawn))).toBe(toSvg(drawn));
      }),
      { numRuns: 20 },
    );
  });

  it('breaks a long wait, and says how long it is', () => {
    const marbles = [0, 90_000].map((time): Marble => ({
      time,
      faces: [{ label: 'a', tone: 0, look: 'tint' }],
    }));
    const svg = toSvg({ title: 'f()', rows: [{ kind: 'line', marbles, until: 90_000 }] });
    expect(svg).toContain('>1.5 min<');
    expect(Number(/width="(\d+)"/.exec(svg)?.[1])).toBeLessThan(250);
  });

  it('speaks to those who cannot see it, and escapes what it says', () => {
    const marbles: Marble[] = [{ time: 1, faces: [{ label: '<a & "b">', tone: 'value', look: 'tint' }] }];
    const svg = toSvg({
      title: 'f<T>()',
      rows: [
        { kind: 'line', label: 'text', marbles, until: 3, end: { time: 3, kind: 'error', label: 'network' } },
        { kind: 'operator', text: 'f<T>()' },
        { kind: 'line', marbles: [], until: 2, end: { time: 2, kind: 'unsubscribe' } },
        { kind: 'subscription', from: 0, until: 2 },
      ],
    });
    expect(svg).toContain('>f&lt;T&gt;()</title>');
    expect(svg).toContain(
      'text: &lt;a &amp; &quot;b&quot;&gt;, fails: network. Through f&lt;T&gt;(): unsubscribed.</desc>',
    );
    expect(svg).not.toMatch(/<script|href|url\(|@import/);
  });
});

describe('a line of many marbles', () => {
  it('is drawn at no cost that grows with those before', () => {
    const take = (count: number): number => {
      const marbles = Array.from({ length: count }, (_, time): Marble => ({
        time,
        faces: [{ label: 'a', tone: 0, look: 'tint' }],
        framed: false,
      }));
      const row = { kind: 'line', marbles, until: count, end: { time: count, kind: 'complete' } } as const;
      return cpuTime(() => toSvg({ title: 'f()', rows: [row, { kind: 'operator', text: 'f()' }] }));
    };
    take(500);
    expect(take(4_000)).toBeLessThan(1_000);
  });
});
