import fc from 'fast-check';
import { StreamError } from '../../src/errors/streamError.js';
import { createJsonReader, type JsonReader } from '../../src/json/jsonReader.js';
import { runs } from '../seed.js';
import { ACCEPTED, REJECTED } from './corpus.js';
import { CUTS, JSON_TEXT, cut, readAll } from './texts.js';

interface Rejection {
  readonly error: StreamError;
  readonly reader: JsonReader;
}

/** How the reader rejects a text; `undefined` if it accepts it. */
function rejectionOf(fragments: readonly string[]): Rejection | undefined {
  const reader = createJsonReader();
  try {
    for (const fragment of fragments) reader.write(fragment);
    reader.end();
    return undefined;
  } catch (error) {
    if (!(error instanceof StreamError)) throw error;
    return { error, reader };
  }
}

function isAccepted(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const STRING_ENDS = ['', '"', 'n"', 'u0000"', '0000"', '000"', '00"', '0"'];
const VALUE_ENDS = ['', '0', '"":0', 'true', 'rue', 'ue', 'e', 'alse', 'lse', 'se', 'ull', 'll', 'l'];

/** Whether some text that `JSON.parse` accepts begins like this. */
function canGoOn(beginning: string): boolean {
  const bare = beginning.replace(/"(?:[^"\\]|\\.)*(?:"|\\?$)/gs, '');
  const closers = bare.split('').reduce((open, character) => {
    if (character === '[') return `]${open}`;
    if (character === '{') return `}${open}`;
    return character === ']' || character === '}' ? open.slice(1) : open;
  }, '');
  return [...STRING_ENDS, ...VALUE_ENDS].some((end) =>
    ['', ':0'].some((value) => isAccepted(beginning + end + value + closers)),
  );
}

const MUTATED = fc
  .tuple(JSON_TEXT, fc.nat(), fc.nat({ max: 2 }), fc.constantFrom(...'[]{}:,"\\ue0-.1 tn\n\u0001x'.split('')))
  .map(([text, seed, deleted, inserted]) => {
    const at = seed % (text.length + 1);
    return text.slice(0, at) + inserted + text.slice(at + deleted);
  });

describe('the grammar', () => {
  it.each(ACCEPTED)('accepts %j', (text) => {
    expect(readAll([text]).value).toEqual(JSON.parse(text));
    expect(readAll(cut(text, [1])).value).toEqual(JSON.parse(text));
  });

  it.each(REJECTED)('rejects %j at position %i', (text, position) => {
    expect(isAccepted(text)).toBe(false);
    for (const fragments of [[text], cut(text, [1])]) {
      const rejection = rejectionOf(fragments);
      expect(rejection?.error).toMatchObject({ code: 'malformed', retryable: false });
      expect(rejection?.error.message).toContain(`position ${position}`);
      expect(rejection?.reader.position).toBe(position);
    }
  });

  it('accepts and rejects what JSON.parse does, at the first character that cannot be', () => {
    fc.assert(
      fc.property(MUTATED, CUTS, (text, cuts) => {
        const rejection = rejectionOf(cut(text, cuts));
        expect(rejection === undefined).toBe(isAccepted(text));
        if (rejection === undefined) return;
        const { position } = rejection.reader;
        expect(canGoOn(text.slice(0, position))).toBe(true);
        if (position < text.length) expect(canGoOn(text.slice(0, position + 1))).toBe(false);
      }),
      { numRuns: runs(2000) },
    );
  });

  it('says which character it did not expect, what it expected, and what came', () => {
    expect(rejectionOf(['{"a":', ' nil}'])?.error).toMatchObject({
      message: 'Unexpected "i" at position 7 of the JSON text',
      raw: 'il}',
    });
    expect(rejectionOf(['[1,'])?.error.message).toBe(
      'The JSON text ends at position 3, before its value does',
    );
  });

  it('fails again with every call after a failure, with the same error', () => {
    const reader = createJsonReader();
    expect(() => reader.write('[1,]')).toThrow(/position 3/);
    expect(reader.failure).toBeInstanceOf(StreamError);
    expect(() => reader.write('2]')).toThrow(/position 3/);
    expect(() => reader.write('')).toThrow(/position 3/);
    expect(() => reader.end()).toThrow(/position 3/);
    expect(reader.position).toBe(3);
  });

  it('shows after a failure what came before the offending character, however it was cut', () => {
    fc.assert(
      fc.property(MUTATED, CUTS, (text, cuts) => {
        const whole = rejectionOf([text]);
        fc.pre(whole !== undefined);
        const { snapshot } = rejectionOf(cut(text, cuts))?.reader ?? createJsonReader();
        expect(JSON.stringify(snapshot.value)).toBe(JSON.stringify(whole?.reader.snapshot.value));
      }),
      { numRuns: 1000 },
    );
    expect(rejectionOf(['["a","b', 'c\n"]'])?.reader.snapshot).toMatchObject({
      value: ['a', 'bc'],
      complete: false,
      growth: [{ path: [1], text: 'c' }],
    });
  });
});
