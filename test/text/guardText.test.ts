import fc from 'fast-check';
import { from, Subject } from 'rxjs';
import type { StreamEvent } from '../../src/events/event.js';
import * as events from '../../src/events/make.js';
import { guardText, type GuardTextOptions } from '../../src/text/guardText.js';
import { runs } from '../seed.js';
import { pattern, replaced, text } from './pattern/patterns.js';

function guarded(
  given: readonly StreamEvent[],
  patterns: readonly (RegExp | string)[],
  options?: GuardTextOptions,
): StreamEvent[] {
  const seen: StreamEvent[] = [];
  from(given)
    .pipe(guardText(patterns, options))
    .subscribe((event) => seen.push(event));
  return seen;
}

/** The JSON that the deltas of a call make. */
function jsonOf(seen: readonly StreamEvent[]): string {
  return seen
    .map((event) =>
      event.type === 'content_block_delta' && 'partial_json' in event.delta ? event.delta.partial_json : '',
    )
    .join('');
}

const mark = (match: string): string => `<${match}>`;

/** A value with each string in it replaced, names too. */
function within(value: unknown, replace: (text: string) => string): unknown {
  if (typeof value === 'string') return replace(value);
  if (Array.isArray(value)) return value.map((item) => within(item, replace));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [replace(name), within(item, replace)]),
  );
}

/** The same JSON, with other spellings of some characters. */
function respelt(json: string, spelling: readonly boolean[]): string {
  return json.replace(/[a-c]/g, (letter, at: number) =>
    spelling[at % spelling.length] === true ? `\\u00${letter.charCodeAt(0).toString(16)}` : letter,
  );
}

describe('guardText', () => {
  it('reads the strings of a call as JSON does, however they are spelled and cut', () => {
    const value = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        text,
        fc.constantFrom(null, true),
        fc.array(tie('value')),
        tie('object'),
      ),
      object: fc.dictionary(text, tie('value'), { maxKeys: 3 }),
    })).object;
    const spelling = fc.array(fc.boolean(), { minLength: 1, maxLength: 5 });
    let replacements = 0;
    fc.assert(
      fc.property(
        pattern,
        value,
        spelling,
        // What stands between the values.
        fc.constantFrom('', ' ', '\t', '\n'),
        fc.array(fc.nat(7), { maxLength: 20 }),
        (pattern, value, spelling, space, cuts) => {
          const json = respelt(JSON.stringify(value, null, space), spelling);
          let at = 0;
          const pieces = [...cuts.map((length) => json.slice(at, (at += length))), json.slice(at)];
          const given = [
            events.toolUseStart(0, 'toolu_1', 'draw'),
            ...pieces.map((piece) => events.inputJsonDelta(0, piece)),
            events.blockStop(0),
          ];
          // Words of JSON are guarded too, which the values below do not show.
          fc.pre(!pattern.test('null') && !pattern.test('true'));
          let seen: StreamEvent[];
          try {
            seen = guarded(given, [pattern], { replace: mark });
          } catch (error) {
            expect(error).toBeInstanceOf(TypeError);
            return;
          }
          const expected = within(value, (text) => replaced([pattern], text, mark));
          const shown = jsonOf(seen);
          expect(JSON.parse(shown)).toEqual(expected);
          if (JSON.stringify(expected) === JSON.stringify(value)) expect(shown).toBe(json);
          else replacements++;
        },
      ),
      { numRuns: runs(1_500) },
    );
    expect(replacements).toBeGreaterThan(runs(300));
  });

  it.each([
    ['a space behind a word', '{"a": true\n, "b":\n12 }', ['\n', / /], '{"a": true\n, "b":\n12 }'],
    ['a number before a space', '{"a": 12\n}', [/2$/], '{"a": "1*"\n}'],
    ['what is no JSON', '{"a": sk 12 }', [/k 1/], '{"a": "s*2" }'],
  ])('guards no space between values, but all that is none: %s', (_, json, patterns, expected) => {
    for (let at = 0; at <= json.length; at++) {
      const pieces = [json.slice(0, at), json.slice(at)].map((piece) => events.inputJsonDelta(0, piece));
      const given = [events.toolUseStart(0, 'toolu_1', 'draw'), ...pieces, events.blockStop(0)];
      expect(jsonOf(guarded(given, patterns, { replace: '*' }))).toBe(expected);
    }
  });

  it('lets go of the source before the first event of the end, and hears no more', () => {
    const source = new Subject<StreamEvent>();
    const seen: string[] = [];
    source.pipe(guardText(['la'], { stop: true })).subscribe({
      next: ({ type }) => {
        seen.push(`${type} ${source.observed ? 'of' : 'behind'} the source`);
        if (type === 'content_block_delta') source.next(events.textDelta(0, 'more'));
      },
      complete: () => seen.push('complete'),
    });
    source.next(events.messageStart({ id: 'msg_1' }));
    seen.length = 0;
    source.next(events.textDelta(0, ' lala'));
    expect(seen).toEqual([
      'content_block_delta of the source',
      'message_delta behind the source',
      'message_stop behind the source',
      'complete',
    ]);
  });

  it('ends a turn whose calls are known with a result for each', () => {
    const given = [
      events.messageStart({ id: 'msg_1' }),
      events.toolUseStart(0, 'toolu_1', 'draw'),
      events.blockStop(0),
      events.textStart(1, 'lala'),
      events.blockStop(1),
    ];
    const seen = guarded(given, ['lala'], { stop: 'No singing' });
    expect(seen.slice(3)).toEqual([
      { ...events.toolResult('toolu_1', 'No singing', true), cancelled: true },
      events.messageDelta('refusal', {
        stop_details: { type: 'refusal', category: null, explanation: 'No singing' },
      }),
      events.messageStop(),
    ]);
  });

  it('passes deltas that are not what their type says', () => {
    const odd = [undefined, null, 7, ['lala']].map((text) =>
      events.blockDelta(0, { type: 'text_delta', text } as never),
    );
    expect(guarded(odd, ['lala'])).toEqual(odd);
  });
});
