import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { form, type Form } from '../../examples/terminal/form.js';
import { formLines, type Room } from '../../examples/terminal/formLines.js';
import { widthOf } from '../../examples/terminal/width.js';
import { createJsonReader, type JsonGrowth, type JsonValue } from '../../src/index.js';
import { runs } from '../seed.js';

/** What each piece of a JSON text adds to its value. */
function growths(pieces: readonly string[]): (readonly JsonGrowth[])[] {
  const reader = createJsonReader();
  return pieces.map((piece) => reader.write(piece).growth);
}

function grown(...pieces: string[]): Form | undefined {
  return growths(pieces).reduce<Form | undefined>(form, undefined);
}

function show(shown: Form | undefined, isGrowing = false, room: Room = { width: 40, height: 24 }): string[] {
  return formLines(shown, room, { colour: 'white', isGrowing }).map((line) =>
    stripVTControlCharacters(line).trimEnd(),
  );
}

/** JSON as models write it. Keys that look like an index would come in another order from an object than from a text. */
const value = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.string(),
    fc.double({ noDefaultInfinity: true, noNaN: true }),
    fc.constantFrom(true, false, null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.stringMatching(/^[a-z _:"-]*$/), tie('value'), { maxKeys: 4 }),
  ),
})).value;

describe('a form', () => {
  it('has a line for each value: names, dashes for items, the first member beside its dash', () => {
    expect(
      show(grown('{"city":"Kyoto","days":[{"at":8,"tea":true},{"at":9}],"pair":[[1,2],["x"]],"end":null}')),
    ).toEqual([
      'city: Kyoto',
      'days:',
      '  - at: 8',
      '    tea: true',
      '  - at: 9',
      'pair:',
      '  - - 1',
      '    - 2',
      '  - - x',
      'end: null',
    ]);
  });

  it('shows what is empty once it is certain that it stays empty', () => {
    const pieces = ['{"a":{', '},"b":"', '","c":[[],{}]', '}'];
    expect(pieces.map((_, at) => show(grown(...pieces.slice(0, at + 1)), true).join(' '))).toEqual([
      'a: ▌',
      'a: {} b: ▌',
      'a: {} b: "" c:   - []   - ▌',
      'a: {} b: "" c:   - []   - ▌',
    ]);
    expect(show(grown(...pieces))).toEqual(['a: {}', 'b: ""', 'c:', '  - []', '  - {}']);
    expect(show(grown('{}'))).toEqual([]);
  });

  it('lets a string grow where it stands, and shows numbers and literals when they are known', () => {
    const pieces = ['{"city":"Ky', 'oto","days":1', '4,"calm":tr', 'ue'];
    expect(pieces.map((_, at) => show(grown(...pieces.slice(0, at + 1)), true).join(', '))).toEqual([
      'city: Ky▌',
      'city: Kyoto▌',
      'city: Kyoto, days: 14▌',
      'city: Kyoto, days: 14, calm: true▌',
    ]);
  });

  it('puts what grows where it belongs when the engine has put its key first', () => {
    expect(show(grown('{"b":1,"2":{"x":"g', 'row","y":[', '5]}}'))).toEqual([
      '2:',
      '  x: grow',
      '  y:',
      '    - 5',
      'b: 1',
    ]);
  });

  it('takes a value that is no object, and keys of any kind', () => {
    expect(show(grown('"al', 'one"'))).toEqual(['alone']);
    expect(show(grown('{"":1,"__proto__":{"x":2},"a\\n\\u001bb":3}'))).toEqual([
      '"": 1',
      '__proto__:',
      '  x: 2',
      'a ␛b: 3',
    ]);
  });

  it('is the same however its text was cut', () => {
    fc.assert(
      fc.property(value, fc.integer({ min: 1, max: 9 }), (whole, size) => {
        const text = JSON.stringify(whole);
        const pieces = text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
        expect(show(grown(...pieces, ' '))).toEqual(show(grown(text, ' ')));
      }),
      { numRuns: runs(300) },
    );
  });

  it('shares what is above with the form before, and leaves that as it was', () => {
    const before = grown('{"a":1,"b":"x');
    const after = form(before, [{ path: ['b'], text: 'y' }]);
    expect(after?.above).toBe(before?.above);
    expect([show(before), show(after)]).toEqual([
      ['a: 1', 'b: x'],
      ['a: 1', 'b: xy'],
    ]);
  });

  it('shows its end where there is no room for all', () => {
    const wide = grown(JSON.stringify(Array.from({ length: 100_000 }, (_, at) => at)));
    expect(show(wide, true, { width: 40, height: 4 })).toEqual([
      '⋮ more above',
      '- 99997',
      '- 99998',
      '- 99999▌',
    ]);
    const long = grown(JSON.stringify({ text: 'ab '.repeat(300_000) }));
    expect(show(long, true, { width: 20, height: 3 })).toHaveLength(3);
  });

  it('sets lines of a string, and one without room beside its name, below the name', () => {
    expect(
      show(grown('{"code":"if (x)\\n  y()","a_name_of_some_length":"a value"}'), false, {
        width: 24,
        height: 9,
      }),
    ).toEqual(['code:', '  if (x)', '    y()', 'a_name_of_…', '  a value']);
  });

  it('keeps within any width', () => {
    fc.assert(
      fc.property(value, fc.integer({ min: 12, max: 60 }), (whole, width) => {
        const lines = show(grown(JSON.stringify({ a: { b: { c: { d: [whole] } } } })), true, {
          width,
          height: 99,
        });
        expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(width);
      }),
    );
  });
});
