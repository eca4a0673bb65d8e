import fc from 'fast-check';
import { escaped, JsonStringReader } from '../../../src/codecs/kit/jsonString.js';
import { cut, CUTS } from '../../json/texts.js';
import { TEXT } from '../conformance/contents.js';
import '../../seed.js';

describe('the inside of a JSON string', () => {
  it('is written piece by piece', () => {
    fc.assert(
      fc.property(fc.array(TEXT), (pieces) => {
        expect(JSON.parse(`"${pieces.map(escaped).join('')}"`)).toBe(pieces.join(''));
      }),
    );
  });

  it('is read wherever it is cut', () => {
    fc.assert(
      fc.property(fc.array(TEXT), fc.constantFrom('', ' ', '\n'), CUTS, (words, space, cuts) => {
        const text = words.join('');
        const reader = new JsonStringReader();
        const pieces = cut(space + JSON.stringify(text) + space, cuts);
        expect(pieces.map((piece) => reader.next(piece)).join('')).toBe(text);
      }),
    );
  });

  it('is nothing else', () => {
    expect(new JsonStringReader().next('{"a":1}')).toBeUndefined();
    const reader = new JsonStringReader();
    expect(reader.next('"a\\')).toBe('a');
    expect(reader.next('x"')).toBeUndefined();
  });
});
