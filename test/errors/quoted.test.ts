import { quoted } from '../../src/errors/quoted.js';

describe('a foreign word in a message', () => {
  it('stands in quotes', () => {
    expect(quoted('get_weather')).toBe('"get_weather"');
    expect(quoted('')).toBe('""');
  });

  it.each(['a\nb', 'a\r\nb', 'a\u2028b', 'a\u2029b', 'a\u0085b', 'a\u202eb', 'a\u0000b'])(
    'stays on one line and in its order: %j',
    (word) => {
      expect(quoted(word)).toMatch(/^[\x20-\x7e]+$/);
    },
  );

  it('is cut to 60 characters, never in the middle of one', () => {
    expect(quoted('x'.repeat(61))).toBe(`"${'x'.repeat(59)}…"`);
    expect(quoted(`${'x'.repeat(58)}😀😀`)).toBe(`"${'x'.repeat(58)}…"`);
    expect(quoted('\n'.repeat(500)).length).toBeLessThanOrEqual(122);
  });

  it('may be something else than a text', () => {
    expect(quoted(undefined)).toBe('undefined');
    expect(quoted(12)).toBe('12');
    expect(quoted({ a: 'x'.repeat(500) }).length).toBeLessThanOrEqual(122);
  });
});
