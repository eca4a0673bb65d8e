import fc from 'fast-check';
import { lettersOf, shorten, shortenTo, visible } from '../../src/pictures/visibleText.js';
import { codePoint } from '../codePoint.js';
import '../seed.js';

const any = fc.string({ unit: codePoint });
const length = (text: string): number => text.length;

describe('visible', () => {
  it.each([
    ['a\r\n\tb', 'a b'],
    ['\u001b[2J', '␛[2J'],
    ['\u0000\u007f', '␀␡'],
    ['\u009b31m', '�31m'],
    ['abc\u202edef\u2066', 'abc�def�'],
    ['\ud83d and \ude00', '� and �'],
    ['\uffff', '�'],
    ['😀 👩‍👩‍👧 日本 नमस्ते é', '😀 👩‍👩‍👧 日本 नमस्ते é'],
  ])('makes %j %j', (text, shown) => expect(visible(text)).toBe(shown));

  it('leaves nothing for a second time', () => {
    fc.assert(
      fc.property(any, (text) => {
        expect(visible(visible(text))).toBe(visible(text));
      }),
    );
  });
});

describe('shorten', () => {
  it('leaves alone what fits', () => expect(shorten('four', 4, length)).toBe('four'));

  it.each([
    ['a few words', 6, 'a few…'],
    ['a few words', 7, 'a few…'],
    ['words', 1, '…'],
    ['words', 0, ''],
    ['👩‍👩‍👧👩‍👩‍👧', 9, '👩‍👩‍👧…'],
    ['👩‍👩‍👧👩‍👩‍👧', 5, '…'],
  ])('cuts %j to %j: %j', (text, room, short) => expect(shorten(text, room, length)).toBe(short));

  it('gives the longest beginning that fits', () => {
    fc.assert(
      fc.property(any, fc.nat({ max: 40 }), (text, room) => {
        const short = shorten(text, room, length);
        expect(short.length).toBeLessThanOrEqual(room);
        if (short.endsWith('…') && short !== text) expect(text.startsWith(short.slice(0, -1))).toBe(true);
        else expect(short).toBe(room === 0 ? '' : text);
      }),
    );
  });
});

describe('shortenTo', () => {
  it.each([
    ['four', 4, 'four'],
    ['a few words', 6, 'a few…'],
    ['a few words', 7, 'a few…'],
    ['words', 1, '…'],
    ['words', 0, ''],
    ['👩‍👩‍👧👩‍👩‍👧', 2, '👩‍👩‍👧👩‍👩‍👧'],
    ['👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧', 2, '👩‍👩‍👧…'],
    ['x'.repeat(10_000), 3, 'xx…'],
  ])('cuts %j to %j letters: %j', (text, most, short) => expect(shortenTo(text, most)).toBe(short));

  it('gives what shorten gives where letters are counted', () => {
    const texts = fc.string({ unit: 'grapheme', maxLength: 300 }).map(visible);
    fc.assert(
      fc.property(texts, fc.nat({ max: 40 }), (text, most) => {
        const counted = shorten(text, most, (words) => lettersOf(words).length);
        expect(shortenTo(text, most)).toBe(counted);
      }),
    );
  });
});
