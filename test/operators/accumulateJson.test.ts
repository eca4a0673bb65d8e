import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { from } from 'rxjs';
import type { StreamEvent } from '../../src/events/event.js';
import * as events from '../../src/events/make.js';
import { applyGrowth } from '../../src/json/growth.js';
import { createJsonReader } from '../../src/json/jsonReader.js';
import type { JsonValue } from '../../src/json/value.js';
import { accumulateJson, type JsonProgress } from '../../src/operators/accumulateJson.js';
import { toArrayElements } from '../../src/operators/toArrayElements.js';
import { CUTS, cut, JSON_TEXT } from '../json/texts.js';
import { runs } from '../seed.js';
import { all, isJson, MUTATED } from './replies.js';

const PIECES = fc.tuple(JSON_TEXT, CUTS).map(([text, cuts]) => cut(text, cuts));

const PROSE = fc.constantFrom('', 'Here it is:\n', '```json\n', 'Sure! 😀 "quoted", 1 ');

function progress(pieces: readonly string[], prose: 'error' | 'skip' = 'error'): readonly JsonProgress[] {
  return all(from(pieces).pipe(accumulateJson({ prose })));
}

/** What a reader knows of a text that is no JSON. */
function knownOf(pieces: readonly string[]): JsonValue | undefined {
  const reader = createJsonReader();
  try {
    for (const piece of pieces) reader.write(piece);
  } catch {
    // What came before the offending character is still known.
  }
  return reader.snapshot.value;
}

describe('a value', () => {
  it('ends as what JSON.parse makes of its text, however it is cut', () => {
    fc.assert(
      fc.property(PIECES, (pieces) => {
        const last = progress(pieces).at(-1);
        expect(last?.status).toBe('complete');
        expect(isDeepStrictEqual(last?.value, JSON.parse(pieces.join('')))).toBe(true);
      }),
      { numRuns: runs(1000), seed: 1 },
    );
  });

  it('is the one before it, grown', () => {
    fc.assert(
      fc.property(PIECES, (pieces) => {
        let shown: JsonValue | undefined;
        return progress(pieces).every(({ value, growth }) => {
          shown = applyGrowth(shown, growth);
          return isDeepStrictEqual(shown, value);
        });
      }),
      { numRuns: runs(1000), seed: 2 },
    );
  });

  it('differs from the one before it, save for the last', () => {
    fc.assert(
      fc.property(PIECES, (pieces) => {
        const values = progress(pieces).slice(0, -1);
        return values.every(({ growth }) => growth.length > 0);
      }),
      { numRuns: runs(1000), seed: 3 },
    );
  });

  it('is found in the prose around it', () => {
    const value = fc.oneof(fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue()));
    fc.assert(
      fc.property(PROSE, value, fc.string(), CUTS, (before, wanted, after, cuts) => {
        const pieces = cut(`${before}${JSON.stringify(wanted)}${after}`, cuts);
        const [bare, found] = [progress(cut(JSON.stringify(wanted), cuts)), progress(pieces, 'skip')];
        expect(JSON.stringify(found.at(-1)?.value)).toBe(JSON.stringify(bare.at(-1)?.value));
        expect(found.filter(({ growth, status }) => status === 'partial' && growth.length === 0)).toEqual([]);
      }),
      { numRuns: runs(1000), seed: 4 },
    );
  });

  it('is never complete where JSON.parse throws; what had come stands in the error', () => {
    fc.assert(
      fc.property(MUTATED, (pieces) => {
        const seen: JsonProgress[] = [];
        let failure: unknown;
        from(pieces)
          .pipe(accumulateJson())
          .subscribe({ next: (value) => seen.push(value), error: (error: unknown) => (failure = error) });
        expect(seen.some(({ status }) => status === 'complete')).toBe(isJson(pieces.join('')));
        if (isJson(pieces.join(''))) return;
        expect(failure).toMatchObject({ name: 'StreamError' });
        const { code, partial } = failure as { readonly code: string; readonly partial: unknown };
        expect(['malformed', 'truncated']).toContain(code);
        expect(isDeepStrictEqual(partial, knownOf(pieces))).toBe(true);
      }),
      { numRuns: runs(1000), seed: 5 },
    );
  });
});

describe('half a character of an attempt that is dropped', () => {
  const said = (id: string, text: string): StreamEvent[] => [
    events.messageStart({ id }),
    events.textStart(0),
    events.textDelta(0, text),
  ];
  const dropped = (half: string, whole: string): StreamEvent[] => [
    ...said('msg_1', half),
    events.reset(2, new Error('again')),
    ...said('msg_2', whole),
    events.blockStop(0),
    events.messageDelta('end_turn'),
    events.messageStop(),
  ];

  it('is no part of the value of the next one', () => {
    const values = all(from(dropped('{"a":"\ud83c', '{"a":"x"}')).pipe(accumulateJson()));
    expect(values.at(-1)).toMatchObject({ status: 'complete', value: { a: 'x' } });
  });

  it('is no part of its elements', () => {
    expect(all(from(dropped('["\ud83c', '["x"]')).pipe(toArrayElements()))).toEqual(['x']);
  });
});
