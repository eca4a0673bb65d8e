import fc from 'fast-check';
import { lastValueFrom, toArray } from 'rxjs';
import { anthropic } from '../../src/anthropic.js';
import * as events from '../../src/events/make.js';
import { fromBytes } from '../../src/sources/fromBytes.js';
import type { Theme } from '../../src/pictures/palette.js';
import { toSvg } from '../../src/pictures/toSvg.js';
import type { Recording } from '../../src/testing/recordings/recording.js';
import { bytesOf, recordings } from '../recordings/recordings.js';
import { runs } from '../seed.js';
import { recordedScripts, recordingOf } from './recordedScripts.js';
import { overlaps, pillsIn, sizeIn, textsIn } from './texts.js';

const WIDTHS = [240, 360, 599, 600, 1000, 1600];

/** Streams that were recorded at providers, where they are there. */
const recorded: Recording[] = [];
for (const recording of recordings('anthropic')) {
  const told = await lastValueFrom(fromBytes([bytesOf(recording)], { codec: anthropic }).pipe(toArray()));
  recorded.push(recordingOf(recording.file, told));
}

function hasRoomForAll(svg: string): void {
  const texts = textsIn(svg);
  const pills = pillsIn(svg);
  const { width, height } = sizeIn(svg);
  expect(texts.length).toBe([...svg.matchAll(/<text/g)].length);
  expect(overlaps(texts)).toEqual([]);
  expect(overlaps(pills)).toEqual([]);
  const isOutside = ({ left, right, top, bottom }: (typeof pills)[number]) =>
    left < 0 || right > width || top < 0 || bottom > height;
  expect([...texts, ...pills].filter(isOutside)).toEqual([]);
  // Each pill holds its label, and no text stands in a part of a pill.
  expect(overlaps([...texts, ...pills])).toHaveLength(pills.length);
  const held = pills.filter((pill) =>
    texts.some(
      (text) =>
        text.top > pill.top &&
        text.bottom < pill.bottom &&
        text.left >= pill.left &&
        text.right <= pill.right,
    ),
  );
  expect(held).toHaveLength(pills.length);
}

describe('the picture of a recording', () => {
  it.each(recordedScripts.map((recording) => [recording.name, recording] as const))(
    'has room for every label: %s',
    (_, recording) => {
      for (const width of WIDTHS) {
        const svg = toSvg(recording, { width });
        expect(sizeIn(svg).width).toBe(width);
        hasRoomForAll(svg);
      }
    },
  );

  it('has room for every label of any stream', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 30 });
    const index = fc.nat({ max: 4 });
    const event = fc.oneof(
      text.map((id) => events.messageStart({ id })),
      index.map((at) => events.textStart(at)),
      fc.tuple(index, text).map(([at, name]) => events.toolUseStart(at, 'toolu_1', name)),
      fc.tuple(index, text).map(([at, more]) => events.textDelta(at, more)),
      fc.tuple(index, text).map(([at, more]) => events.inputJsonDelta(at, more)),
      index.map((at) => events.blockStop(at)),
      index.map((at) => events.blockAbort(at, 'gone')),
      text.map((name) => events.unknown(name, null)),
      text.map((content) => events.toolResult('toolu_1', content)),
      fc.constantFrom(
        events.ping(),
        events.messageStop(),
        events.messageDelta('end_turn'),
        events.reset(2, null),
      ),
    );
    const wait = fc.oneof(fc.constantFrom(0, 1), fc.nat({ max: 100 }), fc.nat({ max: 100_000 }));
    const stream = fc.array(fc.tuple(wait, event), { maxLength: 60 });
    fc.assert(
      fc.property(stream, fc.constantFrom(...WIDTHS), (told, width) => {
        let at = 0;
        const entries = told.map(([wait, event]) => ({ at: (at += wait), event }));
        hasRoomForAll(toSvg({ name: 'any', entries, end: { at, end: 'complete' } }, { width }));
      }),
      { numRuns: runs(150) },
    );
  });

  it('tells deltas that would touch as one, with what they say and their count', () => {
    const words = 'One word after the other, until nobody counts them any more.'.split(/(?<= )/);
    const told = [
      events.messageStart({ id: 'msg_1' }),
      events.textStart(0),
      ...words.map((word) => events.textDelta(0, word)),
      events.blockStop(0),
      events.messageStop(),
    ];
    const entries = told.map((event, nth) => ({ at: nth * 100, event }));
    const svg = toSvg({ entries, end: { at: 1500, end: 'complete' } });
    const labels = textsIn(svg).map(({ content }) => content);
    expect(labels).toContain('text');
    expect(labels).toContain('stop');
    expect(labels).toContain(`text "${words.join('')}" ×11`);
    const narrow = textsIn(toSvg({ entries, end: { at: 1500, end: 'complete' } }, { width: 360 }));
    expect(narrow.map(({ content }) => content).join(' ')).toMatch(/text "One word af[^"]*… ×11/);
  });

  it('tells deltas one by one where there is room', () => {
    const entries = [0, 400, 800].map((at) => ({ at, event: events.textDelta(0, `at ${at}`) }));
    const labels = textsIn(toSvg({ entries, end: { at: 1000, end: 'complete' } })).map(
      ({ content }) => content,
    );
    for (const { at } of entries) expect(labels).toContain(`text "at ${at}"`);
  });

  it('has a tick for each moment, however many a pill tells', () => {
    const entries = Array.from({ length: 40 }, (_, nth) => ({
      at: nth * 10,
      event: events.textDelta(0, 'a '),
    }));
    const svg = toSvg({ entries, end: { at: 390, end: 'complete' } });
    expect(pillsIn(svg)).toHaveLength(1);
    expect(/class="rug b0" d="([^"]+)"/.exec(svg)?.[1]?.match(/v5/g)).toHaveLength(40);
  });

  it('shortens a long silence, and says how long it is', () => {
    const at = [0, 10, 20, 30, 40, 45_000, 45_010, 45_020, 45_030];
    const entries = at.map((at, nth) => ({
      at,
      event: nth === 0 ? events.messageStart() : events.textDelta(0, 'a '),
    }));
    const texts = textsIn(toSvg({ entries, end: { at: 45_040, end: 'complete' } }));
    expect(texts.map(({ content }) => content)).toContain('45 s');
    const place = (label: string) => texts.find(({ content }) => content === label)?.left ?? 0;
    expect(place('20 ms')).toBeLessThan(place('45 s'));
    expect(place('45 s')).toBeLessThan(place('45 s 20 ms') || Infinity);
  });

  it('counts the blocks of each message from 0, in a lane of its own', () => {
    const recording = recordedScripts.find(({ name }) => name === 'three messages');
    const labels = textsIn(toSvg(recording ?? { entries: [], end: { at: 0, end: 'complete' } })).map(
      ({ content }) => content,
    );
    expect(labels.filter((label) => /^(?:message \d|\d (?:text|tool))/.test(label))).toEqual([
      'message 1',
      '0 text',
      'message 2',
      '0 tool f',
      'message 3',
      '0 text',
    ]);
  });

  it('shows the result of a tool with its call', () => {
    const told = [
      events.toolUseStart(3, 'toolu_1', 'get_weather'),
      events.toolResult('toolu_1', 'clear'),
      events.toolResult('toolu_9', 'of none'),
    ];
    const svg = toSvg(recordingOf('results', told));
    expect(svg).toMatch(/class="b3 tint">(?:(?!<g ).)*result clear</);
    expect(svg).toMatch(/class="message tint">(?:(?!<g ).)*result of none</);
  });

  it.each([
    [{ end: 'complete' }, 'completes'],
    [{ end: 'unsubscribe' }, 'unsubscribed'],
    [{ end: 'error', error: { name: 'StreamError', code: 'network', message: 'lost' } }, 'fails: network'],
    [{ end: 'error', error: { name: 'TypeError', message: 'no' } }, 'fails: TypeError'],
  ] as const)('says how it ended: %j', (end, words) => {
    const svg = toSvg({ entries: [], end: { at: 10, ...end } });
    expect(textsIn(svg).map(({ content }) => content)).toContain(words);
    expect(svg).toContain(`${words} at 10 ms.</desc>`);
  });

  it('stays of a size that can be read, however many blocks and messages there are', () => {
    const blocks = Array.from({ length: 500 }, (_, nth) => [
      events.textStart(nth),
      events.textDelta(nth, 'a'),
      events.blockStop(nth),
    ]);
    const svg = toSvg(recordingOf('many blocks', blocks.flat()));
    expect(textsIn(svg).map(({ content }) => content)).toContain('461 more blocks');
    hasRoomForAll(svg);
    const messages = Array.from({ length: 500 }, (_, nth) => [
      events.messageStart(),
      ...(blocks[nth % 3] ?? []),
    ]);
    const other = toSvg(recordingOf('many messages', messages.flat()));
    expect(textsIn(other).map(({ content }) => content)).toContain('and all after it');
    hasRoomForAll(other);
    expect(Math.max(sizeIn(svg).height, sizeIn(other).height)).toBeLessThan(2500);
  });
});

const HOSTILE =
  '</title></style></text><script>alert("1")</script>]]>&amp;\u0000\u0007\u001b[2J\u009b\u202e\ud800\uffff<img onerror=x>';

describe('what a model says in a picture', () => {
  const told = [
    events.messageStart({ id: HOSTILE }),
    events.textStart(0),
    events.textDelta(0, HOSTILE),
    events.toolUseStart(1, 'toolu_1', HOSTILE),
    events.inputJsonDelta(1, HOSTILE),
    events.toolResult('toolu_1', { [HOSTILE]: HOSTILE }),
    events.unknown(HOSTILE, HOSTILE),
    events.messageDelta(HOSTILE as 'end_turn'),
    events.error(HOSTILE, HOSTILE),
  ];
  const entries = told.map((event, nth) => ({ at: nth * 1000, event }));
  const end = {
    at: 9000,
    end: 'error',
    error: { name: 'StreamError', code: HOSTILE, message: HOSTILE },
  } as const;
  const svgs = WIDTHS.map((width) => toSvg({ name: HOSTILE, entries, end }, { width }));

  it.each(svgs)('is text and nothing else', (svg) => {
    const elements = new Set([...svg.matchAll(/<\/?([a-z]+)/gi)].map(([, name = '']) => name));
    expect([...elements].sort()).toEqual(['desc', 'g', 'path', 'rect', 'style', 'svg', 'text', 'title']);
    const attributes = new Set(
      [...svg.matchAll(/<[^>]*>/g)].flatMap(([tag]) =>
        [...tag.matchAll(/([\w-]+)="/g)].map(([, name]) => name),
      ),
    );
    expect([...attributes].filter((name) => /^on|href|src|style/.test(name ?? ''))).toEqual([]);
    expect(svg).not.toContain(']]>');
    expect(svg).not.toMatch(/url\(|@import/);
  });

  it.each(svgs)('is XML: every element is closed, no character is forbidden', (svg) => {
    expect(svg).not.toMatch(/[\0-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\p{Surrogate}\ufffe\uffff]/u);
    const open: string[] = [];
    for (const [, closes, name = '', , isEmpty] of svg.matchAll(
      /<(\/?)([a-z]+)((?: [\w:-]+="[^"<]*")*)(\/?)>/g,
    )) {
      if (closes) expect(open.pop()).toBe(name);
      else if (!isEmpty) open.push(name);
    }
    expect(open).toEqual([]);
    const bare = svg.replace(/<(\/?)([a-z]+)((?: [\w:-]+="[^"<]*")*)(\/?)>/g, '');
    expect(bare).not.toMatch(/[<]|&(?!(?:amp|lt|gt|quot);)/);
  });

  it('is shown', () => {
    const labels = textsIn(svgs.at(-1) ?? '').map(({ content }) => content);
    expect(labels.join('\n')).toContain('</title></style>');
    expect(toSvg({ entries: [], end: { at: 0, end: 'complete' } }, { title: 'a\u001b\u0007b' })).toContain(
      '>a␛␇b<',
    );
  });
});

describe('a picture', () => {
  const [recording] = recordedScripts;
  if (!recording) throw new Error('There are recordings');

  it('speaks to those who cannot see it', () => {
    const svg = toSvg(recording, { title: 'What flowed' });
    const [, title, words] = /role="img" aria-labelledby="(\S+) (\S+)"/.exec(svg) ?? [];
    expect(svg).toContain(`<title id="${title}">What flowed</title>`);
    expect(svg).toMatch(
      new RegExp(`<desc id="${words}">.*message: message msg_1, .*0 text: text.*completes at`),
    );
  });

  it('is light or dark as the reader’s system is, or as it was asked to be', () => {
    const svg = (theme?: Theme) => toSvg(recording, { theme });
    expect(svg()).toBe(svg('auto'));
    expect(svg()).toContain('@media(prefers-color-scheme:dark)');
    expect(svg('dark')).not.toContain('@media');
    expect(svg('dark')).toContain('#0d1117');
    expect(svg('light')).not.toMatch(/@media|#0d1117/);
  });

  it('styles nothing else in a page', () => {
    for (const theme of ['auto', 'light', 'dark'] as const) {
      const svg = toSvg(recording, { theme });
      const root = /<svg[^>]* class="([^"]+)"/.exec(svg)?.[1];
      const style = (/<style>([^]*)<\/style>/.exec(svg)?.[1] ?? '').replace(/@media\([^)]*\)\{/, '');
      const selectors = [...style.matchAll(/([^{}]+)\{/g)].flatMap(([, list = '']) => list.trim().split(','));
      expect(selectors.length).toBeGreaterThan(20);
      expect(selectors.filter((selector) => !selector.startsWith(`.${root} `))).toEqual([]);
    }
  });

  it('has ids of its own among other pictures', () => {
    const ids = recordedScripts.flatMap((one) =>
      [...toSvg(one).matchAll(/ id="([^"]+)"/g)].map(([, id]) => id),
    );
    expect(new Set(ids).size).toBe(2 * recordedScripts.length);
  });

  it('is the same for the same recording, and leaves it as it is', () => {
    const before = structuredClone(recording);
    expect(toSvg(before)).toBe(toSvg(recording));
    expect(recording).toEqual(before);
  });

  it('is 1000 px wide unless told, and never narrower than 240', () => {
    expect(sizeIn(toSvg(recording)).width).toBe(1000);
    expect(sizeIn(toSvg(recording, { width: 12 })).width).toBe(240);
    expect(sizeIn(toSvg(recording, { width: 360.7 })).width).toBe(360);
  });

  it('of a drawing is as wide as its marbles need, or as it is told', () => {
    const drawing = {
      title: 'f()',
      rows: [
        {
          kind: 'line',
          label: 'events',
          marbles: Array.from({ length: 30 }, (_, time) => ({
            time,
            faces: [{ label: `event ${time}`, tone: time % 3, look: 'tint' } as const],
          })),
          until: 30,
          end: { time: 30, kind: 'complete' },
        },
        { kind: 'operator', text: 'f()' },
        { kind: 'line', marbles: [], until: 12, end: { time: 12, kind: 'unsubscribe' } },
        { kind: 'subscription', from: 0, until: 12 },
      ],
    } as const;
    expect(pillsIn(toSvg(drawing))).toHaveLength(30);
    expect(sizeIn(toSvg(drawing)).width).toBeGreaterThan(2000);
    for (const width of WIDTHS) {
      const svg = toSvg(drawing, { width, title: 'g()' });
      expect(sizeIn(svg).width).toBe(width);
      expect(svg).toContain('>g()<');
      hasRoomForAll(svg);
    }
  });
});

if (recorded.length === 0) {
  it('there are no recordings here to be drawn', () => {
    expect(recorded).toEqual([]);
  });
} else {
  it.each(recorded.map((recording) => [recording.name, recording] as const))(
    'the recorded stream %s is drawn with room for every label',
    (_, recording) => {
      for (const width of [360, 1000]) hasRoomForAll(toSvg(recording, { width }));
    },
  );
}
