import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import * as events from '../../src/events/make.js';
import { columnsOf } from '../../src/pictures/measure.js';
import { toAscii } from '../../src/pictures/toAscii.js';
import { codePoint } from '../codePoint.js';
import { runs } from '../seed.js';
import { examplePicture, hello } from './example.js';
import { recordedScripts, recordingOf } from './recordedScripts.js';

const WIDTHS = [40, 41, 60, 80, 100, 200];
const SGR = new RegExp(`${String.fromCharCode(27)}\\[[\\d;]*m`, 'g');

describe('toAscii', () => {
  it('writes what its documentation shows', () => {
    const source = readFileSync(new URL('../../src/pictures/toAscii.ts', import.meta.url), 'utf8');
    const [, shown = ''] = /```text\n([^]*?)\n \* ```/.exec(source) ?? [];
    const lines = shown.split('\n').map((line) => line.replace(/^ \* ?/, ''));
    expect(`${lines.join('\n')}\n`).toBe(toAscii(hello, { width: 90 }));
  });

  it.each(recordedScripts.map((recording) => [recording.name, recording] as const))(
    'never writes a line wider than asked for: %s',
    (_, recording) => {
      for (const width of WIDTHS) {
        const lines = toAscii(recording, { width }).split('\n');
        expect(lines.filter((line) => columnsOf(line) > width)).toEqual([]);
        expect(lines.length).toBeGreaterThan(4);
      }
    },
  );

  it('never writes a line wider than asked for, nor a control character, whatever is said', () => {
    const text = fc.string({ unit: codePoint, maxLength: 40 });
    const event = fc.oneof(
      text.map((id) => events.messageStart({ id })),
      text.map((name) => events.toolUseStart(0, 'toolu_1', name)),
      text.map((more) => events.textDelta(1, more)),
      text.map((more) => events.inputJsonDelta(0, more)),
      text.map((name) => events.unknown(name, null)),
      fc.constant(events.ping()),
    );
    const stream = fc.array(fc.tuple(fc.nat({ max: 5000 }), event), { maxLength: 30 });
    fc.assert(
      fc.property(stream, text, fc.constantFrom(...WIDTHS), (told, name, width) => {
        let at = 0;
        const entries = told.map(([wait, event]) => ({ at: (at += wait), event }));
        const end = { at, end: 'error', error: { name, message: '' } } as const;
        const written = toAscii({ name, entries, end }, { width });
        expect(written.split('\n').filter((line) => columnsOf(line) > width)).toEqual([]);
        expect(written).not.toMatch(/[\0-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\p{Surrogate}]/u);
      }),
      { numRuns: runs(200) },
    );
  });

  it('colours by lane where it is asked to, and says the same', () => {
    for (const recording of recordedScripts) {
      const coloured = toAscii(recording, { color: true });
      expect(coloured).toMatch(SGR);
      expect(coloured.replace(SGR, '').replace(/ +$/gm, '')).toBe(toAscii(recording));
    }
  });

  it('shows deltas that would touch as one, with their count', () => {
    const told = 'One word after the other.'.split(/(?<= )/).map((word) => events.textDelta(0, word));
    const written = toAscii(recordingOf('words', told), { width: 60 });
    expect(written).toContain('text "One word after the other." ×5');
  });

  it('knows that some letters are two columns wide', () => {
    const entries = ['東京', 'ab', '🌧️', '👩‍👩‍👧'].map((text, nth) => ({
      at: nth * 100,
      event: events.textDelta(nth, text),
    }));
    const lines = toAscii({ entries, end: { at: 300, end: 'complete' } }, { width: 120 }).split('\n');
    const places = lines.slice(1, 5).map((line) => columnsOf(line.slice(0, line.indexOf('•'))));
    const steps = places.slice(1).map((place, nth) => place - (places[nth] ?? 0));
    expect(Math.min(...steps)).toBeGreaterThan(20);
    expect(lines.slice(1, 4).map((line) => columnsOf(line.slice(line.indexOf('•'))))).toEqual([13, 11, 11]);
  });

  it('has something to say of a recording in which nothing happens', () => {
    expect(toAscii({ entries: [], end: { at: 0, end: 'complete' } })).toBe(
      'A recorded stream\n    │ completes\n    0 ms\n\n',
    );
  });

  it('writes under another title', () => {
    expect(toAscii(hello, { title: 'Another\ntitle' }).split('\n')[0]).toBe('Another title');
  });
});

describe('the documentation', () => {
  it('has the picture of a recording as it is drawn', () => {
    const file = new URL('../../docs/recorded-stream.svg', import.meta.url);
    expect(readFileSync(file, 'utf8')).toBe(examplePicture());
  });
});
