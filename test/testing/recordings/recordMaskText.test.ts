import fc from 'fast-check';
import * as events from '../../../src/events/make.js';
import { StreamError, type StreamEvent } from '../../../src/index.js';
import { alphabet } from '../../../src/testing/letters/alphabet.js';
import { jsonMask, maskText, maskWords } from '../../../src/testing/recordings/maskText.js';
import { script } from '../../../src/testing/script/script.js';
import { codePoint } from '../../codePoint.js';
import '../../seed.js';

function masked(...given: readonly StreamEvent[]): StreamEvent[] {
  return given.map(maskText());
}

/** The value with every string in it masked, and no key. */
function maskedValue(value: unknown): unknown {
  if (typeof value === 'string') return maskWords(value);
  if (Array.isArray(value)) return value.map(maskedValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, maskedValue(member)]));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('maskWords', () => {
  it.each([
    ['Hello, Ada!\n  42 times', 'Xxxxx, Xxx!\n  00 xxxxx'],
    ['Straße «é»', 'Xxxxéx «é»'],
    ['京都、🍁', '文文、🎵'],
  ])('gives %j the shape of %j', (text, shape) => {
    expect(maskWords(text)).toBe(shape);
  });

  it('keeps the length in characters and in bytes, cut anywhere', () => {
    fc.assert(
      fc.property(fc.string({ unit: codePoint }), fc.nat(), (text, at) => {
        const cut = at % (text.length + 1);
        const pieces = [text.slice(0, cut), text.slice(cut)].map(maskWords);
        expect(pieces.map(({ length }) => length)).toEqual([cut, text.length - cut]);
        expect(Buffer.byteLength(pieces.join(''))).toBe(Buffer.byteLength(text));
        expect(pieces.join('')).toBe(maskWords(text));
      }),
      { examples: [['\u{1039f}', 1]] },
    );
  });
});

describe('jsonMask', () => {
  it('masks every string that is a value, however the text is cut', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.integer({ min: 1, max: 9 }), fc.boolean(), (value, size, isWide) => {
        const text = JSON.stringify(value, null, isWide ? 2 : 0);
        const mask = jsonMask();
        const pieces = text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
        const shown = pieces.map((piece) => mask(piece));
        expect(shown.map(({ length }) => length)).toEqual(pieces.map(({ length }) => length));
        expect(JSON.parse(shown.join(''))).toEqual(maskedValue(JSON.parse(text)));
      }),
    );
  });

  it('masks every letter and digit of what is not JSON, from the piece on that shows it', () => {
    const said = /[a-z]{2}|[1-9]/i;
    for (const text of [
      "{'ssn': '123-45-6789', 'name': 'Ada Lovelace'}",
      '{"name": Ada Lovelace}',
      '{"ssn":123-45-6789}',
      'I call Ada Lovelace',
      'Ada',
      '{"a":"b"} and Ada',
      '{"a":"b","Ada":nul5}',
      '["Ada"}, 1789',
    ]) {
      const shown = jsonMask()(text).replaceAll(/x+/gi, '');
      expect(shown).not.toMatch(said);
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 9 }), (size) => {
          const mask = jsonMask();
          const pieces = text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
          const masked = pieces.map((piece) => mask(piece)).join('');
          expect(masked).toHaveLength(text.length);
          expect(masked).not.toMatch(/Love|45|6789|call/);
        }),
      );
    }
  });

  it('masks what is not JSON, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.nat(),
        fc.constantFrom('}', ']', '"', ',', ':', 'x', "'", '0'),
        (value, place, odd) => {
          const sound = JSON.stringify(value);
          const at = place % (sound.length + 1);
          const text = `${sound.slice(0, at)}${odd}${sound.slice(at)}Ada9`;
          fc.pre(!isJson(text));
          const shown = jsonMask()(text);
          expect(shown).toHaveLength(text.length);
          expect(shown.endsWith('Xxx0') || shown.endsWith('Ada9')).toBe(true);
          // Only a string that goes on, which a piece to come may make JSON, can end in words that were not masked: a key.
          if (shown.endsWith('Ada9')) expect(text).toMatch(/[{,]\s*"[^"]*Ada9$/);
        },
      ),
    );
  });

  it('keeps escapes escapes', () => {
    const text = String.raw`{"a\"b":"a\"\\\u4eac\n1","u":["\ud83c\udf41"]}`;
    expect(jsonMask()(text)).toBe(String.raw`{"a\"b":"x\"\\\u0078\n0","u":["\u0078\u0078"]}`);
  });
});

describe('maskText', () => {
  it('masks texts, thinking and signatures, delta by delta', () => {
    const { o, t, h, k, g, c } = alphabet;
    expect(masked(o, t, c, h, k, g, c)).toEqual([
      o,
      events.textDelta(0, 'xx'),
      c,
      h,
      events.thinkingDelta(0, 'xx'),
      events.signatureDelta(0, 'xxxxxx'),
      c,
    ]);
  });

  it('masks strings in a tool input, which stays JSON and keeps its cuts', () => {
    const { b, i, j, d } = alphabet;
    expect(masked(b, i, j, d)).toEqual([
      b,
      events.inputJsonDelta(1, '{"city":"Xx'),
      events.inputJsonDelta(1, 'xxx"}'),
      d,
    ]);
  });

  it('begins anew with each block, each message and each stream', () => {
    const half = events.inputJsonDelta(1, '{"a":"B');
    const maskedHalf = events.inputJsonDelta(1, '{"a":"X');
    const start = events.toolUseStart(1, 'id', 'tool');
    expect(masked(start, half, start, half)).toEqual([start, maskedHalf, start, maskedHalf]);
    expect(masked(half, events.messageStart(), half)[2]).toEqual(maskedHalf);
    const [one, other] = [maskText(), maskText()];
    one(half);
    expect(other(half)).toEqual(maskedHalf);
  });

  it('masks inputs of interleaved blocks apart', () => {
    const delta = (index: number, json: string): StreamEvent => events.inputJsonDelta(index, json);
    expect(masked(delta(0, '{"a":"B'), delta(1, '{"c":'), delta(0, 'c"}'), delta(1, 'true}'))).toEqual([
      delta(0, '{"a":"X'),
      delta(1, '{"c":'),
      delta(0, 'x"}'),
      delta(1, 'true}'),
    ]);
  });

  it('masks results as text, as JSON and as JSON in text', () => {
    expect(
      masked(
        events.toolResult('toolu_1', '21 °C'),
        events.toolResult('toolu_1', { name: 'Ada', type: 'person', age: 36 }, true),
        events.toolResult('toolu_1', '{"name":"Ada","old":true}'),
      ),
    ).toEqual([
      events.toolResult('toolu_1', '00 éX'),
      events.toolResult('toolu_1', { name: 'Xxx', type: 'xxxxxx', age: 36 }, true),
      events.toolResult('toolu_1', '{"name":"Xxx","old":true}'),
    ]);
  });

  it('masks what it does not know, but its type', () => {
    expect(
      masked(events.unknown('note', { type: 'note', id: 'Ada' }), events.unknown('note', 'Ada')),
    ).toEqual([events.unknown('note', { type: 'note', id: 'Xxx' }), events.unknown('note', 'Xxx')]);
  });

  it('masks what a block begins with, and keeps what it is', () => {
    expect(
      masked(events.textStart(0, 'Hi'), events.toolUseStart(1, 'toolu_1', 'find', { name: 'Ada' })),
    ).toEqual([events.textStart(0, 'Xx'), events.toolUseStart(1, 'toolu_1', 'find', { name: 'Xxx' })]);
    const citation = { type: 'char_location', cited_text: 'Ada', document_title: 'A', document_index: 0 };
    expect(masked(events.citationsDelta(0, citation as never))).toMatchObject([
      {
        delta: {
          citation: { type: 'char_location', cited_text: 'Xxx', document_title: 'X', document_index: 0 },
        },
      },
    ]);
  });

  it('keeps who answers, why it stopped and what it cost; not the stop sequence', () => {
    const { m, s, z, p, q, e } = alphabet;
    expect(masked(m, s, z, p, q, e)).toEqual([m, s, z, p, q, e]);
    const stopped = events.messageDelta('stop_sequence', { stop_sequence: 'Ada', output_tokens: 3 });
    expect(masked(stopped)).toEqual([{ ...stopped, delta: { ...stopped.delta, stop_sequence: 'Xxx' } }]);
  });

  it('keeps of the cause of a reset no foreign text', () => {
    const cause = new StreamError('malformed', 'No JSON', { raw: 'Ada', partial: 'Ada' });
    expect(masked(events.reset(2, cause))).toEqual([
      events.reset(2, { name: 'StreamError', code: 'malformed', message: 'No JSON' }),
    ]);
  });

  it('leaves what it was given as it was, and nothing that was said', () => {
    const answer = script()
      .thinking('secret', 'secret')
      .text('secret')
      .toolUse('t', { a: ['secret'] });
    const before = JSON.stringify(answer.events());
    expect(JSON.stringify(masked(...answer))).not.toContain('secret');
    expect(JSON.stringify(answer.events())).toBe(before);
  });
});
