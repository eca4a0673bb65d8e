import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { from } from 'rxjs';
import type { JsonValue } from '../../src/json/value.js';
import { toArrayElements } from '../../src/operators/toArrayElements.js';
import { CUTS, cut, JSON_TEXT } from '../json/texts.js';
import { runs } from '../seed.js';
import { all } from './replies.js';

const ELEMENTS = fc.array(JSON_TEXT, { maxLength: 5 });

/** The elements that come out, and how much of the text had come in before each. */
function elements(
  pieces: readonly string[],
  path: readonly (string | number)[],
): (readonly [JsonValue, number])[] {
  let read = 0;
  const found: (readonly [JsonValue, number])[] = [];
  function* counted(): Generator<string> {
    for (const piece of pieces) {
      read += piece.length;
      yield piece;
    }
  }
  from(counted())
    .pipe(toArrayElements({ path }))
    .subscribe({ next: (element) => found.push([element, read]), error: () => undefined });
  return found;
}

describe('the elements', () => {
  it('are those that JSON.parse finds there, however the text is cut', () => {
    fc.assert(
      fc.property(ELEMENTS, fc.constantFrom('', '{}', '[[1]]'), CUTS, (texts, before, cuts) => {
        const text = `{"a":[${before}${before && ','}{"b":[${texts.join(',')}]}],"c":[1]}`;
        const path = ['a', before === '' ? 0 : 1, 'b'];
        const found = all(from(cut(text, cuts)).pipe(toArrayElements({ path })));
        expect(
          isDeepStrictEqual(
            found,
            texts.map((element) => JSON.parse(element) as unknown),
          ),
        ).toBe(true);
      }),
      { numRuns: runs(1000), seed: 1 },
    );
  });

  it('come as soon as they are closed, and not before', () => {
    fc.assert(
      fc.property(ELEMENTS, (texts) => {
        const text = `[${texts.join(',')}]`;
        const found = elements(text.split(''), []);
        let end = 0;
        for (const [nth, element] of texts.entries()) {
          const closed = end + 1 + element.trimEnd().length;
          // A number is closed by what follows it.
          const known = /[\d]$/.test(element.trimEnd()) ? closed + 1 : closed;
          expect(found[nth]?.[1]).toBe(known);
          end += 1 + element.length;
        }
      }),
      { numRuns: runs(1000), seed: 2 },
    );
  });

  it('that were closed come before the failure, wherever the text is cut off', () => {
    fc.assert(
      fc.property(ELEMENTS, CUTS, fc.nat(), (texts, cuts, place) => {
        const text = `[${texts.join(',')}]`;
        const length = place % text.length;
        const cutOff = elements(cut(text.slice(0, length), cuts), []);
        const whole = elements(text.split(''), []).filter(([, read]) => read <= length);
        expect(
          isDeepStrictEqual(
            cutOff.map(([element]) => element),
            whole.map(([element]) => element),
          ),
        ).toBe(true);
      }),
      { numRuns: runs(1000), seed: 3 },
    );
  });
});
