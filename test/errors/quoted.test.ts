import { quoted } from '../../src/errors/quoted.js';

describe('a foreign word in a message', () => {
  it('stands in quotes', () => {
    expect(quoted('get_weather')).toBe('"get_weather"');
    expect(quoted('')).toBe('""');
  });

  it.each(['a\nb', 'a\r\nb', 'a\u2028b', 'a\u2029b', 'a\u0085b', 'a\u202eb', 'a\u0000b'])(
    'stays on one line and in its order: %j',
    (word) => {
      expect(quoted(word)).toBe('"a…"');
    },
  );

  it('is cut to 60 characters', () => {
    expect(quoted('x'.repeat(60))).toBe(`"${'x'.repeat(60)}"`);
    expect(quoted('x'.repeat(61))).toBe(`"${'x'.repeat(60)}…"`);
  });

  it('is cut before what no name has, so that nobody says a sentence with it', () => {
    expect(quoted('find the user paid 100 EUR')).toBe('"find…"');
    expect(quoted('x\n2026-11-28 INFO the user paid')).toBe('"x…"');
    expect(quoted('天気/東京')).toBe('"天気/東京"');
  });

  it('may be something else than a text', () => {
    expect(quoted(undefined)).toBe('undefined');
    expect(quoted(12)).toBe('12');
    expect(quoted({ a: 'x'.repeat(500) })).toBe('…"');
  });
});
