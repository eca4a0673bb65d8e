import { Subject } from 'rxjs';
import { CODECS } from '../../scripts/codecs.js';
import type { Codec } from '../../src/codecs/codec.js';
import type { TextDelta } from '../../src/events/delta.js';
import * as events from '../../src/events/make.js';
import type { Frame } from '../../src/wire/frame.js';
import { anthropic } from '../../src/anthropic.js';
import { gemini, geminiInteractions } from '../../src/gemini.js';
import { ollama } from '../../src/ollama.js';
import { openaiChat, openaiResponses } from '../../src/openai.js';
import { fromBytes } from '../../src/sources/fromBytes.js';
import { compared, differenceOf, seenOf, type Reading } from '../fuzz/bothWays.js';
import { DEVIATIONS, PIECES } from '../fuzz/likeFrames.js';
import { Dice } from '../fuzz/mutation.js';
import { bytesOf, recordings } from '../recordings/recordings.js';
import { runs } from '../seed.js';
import { isThorough } from '../thorough.js';

const SHORT = [...CODECS.values()].filter(({ shortWay }) => shortWay !== undefined);
const isOff = process.env['SHORT_WAY'] === 'off';
const utf8 = new TextEncoder();

type Chunks = readonly (Uint8Array | string)[];

/** Frames of a text that comes in these pieces. */
function framesOf(
  codec: Codec,
  pieces: readonly string[],
  kind: 'text' | 'thinking' = 'text',
): readonly Frame[] {
  const encoder = codec.encoder();
  const [start, delta] =
    kind === 'text' ? [events.textStart, events.textDelta] : [events.thinkingStart, events.thinkingDelta];
  const said = [
    events.messageStart({ id: 'm_1', model: 'model-1' }),
    start(0),
    ...pieces.map((piece) => delta(0, piece)),
    events.blockStop(0),
    events.messageDelta('end_turn', { output_tokens: 3 }),
    events.messageStop(),
  ];
  return [...said.flatMap((event) => encoder.next(event)), ...encoder.end()];
}

function textOf({ framing }: Codec, { event, id, data }: Frame): string {
  if (framing === 'ndjson') return `${data}\n`;
  return `${event === undefined ? '' : `event: ${event}\n`}${id === undefined ? '' : `id: ${id}\n`}data: ${data}\n\n`;
}

function chunksOf(codec: Codec, frames: readonly Frame[]): readonly Uint8Array[] {
  return frames.map((frame) => utf8.encode(textOf(codec, frame)));
}

/** Reads both ways and says how many frames went the short one. */
function shortOf(chunks: Chunks, codec: Codec, reading: Reading = {}): number {
  const long = seenOf(chunks, codec, reading, false);
  const short = seenOf(chunks, codec, reading, true);
  expect(differenceOf(long, short)).toBeUndefined();
  expect(long.short).toBe(0);
  return short.short;
}

/** How many frames are to go the short way, unless none is to. */
function expectShort(count: number, least: number, most = Infinity): void {
  if (isOff) return expect(count).toBe(0);
  expect(count).toBeGreaterThanOrEqual(least);
  expect(count).toBeLessThanOrEqual(most);
}

/** Of chunks, in bytes. */
const SIZES = isThorough ? [256, 512, 1_400, 4_096] : [1_400];

const WORDS = Array.from({ length: 30 }, (_, at) => ` word${at}`);

describe.each(SHORT.map((codec) => [codec.name, codec] as const))('the short way of %s', (_, codec) => {
  it.each(['text', 'thinking'] as const)('reads nearly every frame of a %s', (kind) => {
    expectShort(shortOf(chunksOf(codec, framesOf(codec, WORDS, kind)), codec), 26);
  });

  it('reads frames that are cut in two, wherever', () => {
    const chunks = chunksOf(codec, framesOf(codec, WORDS));
    for (let at = 1; at < 300; at += isThorough ? 7 : 70) {
      const cut = chunks.flatMap((chunk) => [chunk.subarray(0, at), chunk.subarray(at)]);
      const count = shortOf(cut, codec);
      if (at < 90) expectShort(count, 26);
    }
  });

  it.each(SIZES)('reads frames that come in chunks of %i bytes', (size) => {
    const words = Array.from({ length: 400 }, (_, at) => ` word${at}`);
    const bytes = Buffer.concat(chunksOf(codec, framesOf(codec, words)));
    const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
      bytes.subarray(at * size, (at + 1) * size),
    );
    expectShort(shortOf(chunks, codec), 360);
  });

  it('reads several frames of one chunk', () => {
    const chunks = chunksOf(codec, framesOf(codec, WORDS));
    const pairs = chunks.flatMap((chunk, at) =>
      at % 2 ? [] : [Buffer.concat([chunk, chunks[at + 1] ?? chunk.subarray(0, 0)])],
    );
    expectShort(shortOf(pairs, codec), 20);
  });

  it('reads pieces of every kind as they are', () => {
    for (const piece of PIECES) {
      const pieces = WORDS.map((word, at) => (at === 15 ? piece : word));
      const frames = framesOf(codec, pieces);
      expectShort(shortOf(chunksOf(codec, frames), codec), 20);
      shortOf([Buffer.concat(chunksOf(codec, frames))], codec);
    }
  });

  it.each(Object.keys(DEVIATIONS))('says the same of a frame with %s', (name) => {
    const frames = framesOf(codec, ['Hello', ' a', ',', ...WORDS.slice(0, 8)]);
    for (const place of isThorough ? [3, 7] : [7]) {
      const other =
        DEVIATIONS[name]?.({ ...frames[place], data: frames[place]?.data ?? '' }, new Dice(place)) ?? '';
      const chunk =
        other instanceof Uint8Array
          ? other
          : utf8.encode(typeof other === 'string' ? other : textOf(codec, other));
      const chunks = placed(chunksOf(codec, frames), place, chunk);
      for (const reading of [{}, { malformed: 'skip', unknown: 'skip' } as const]) {
        shortOf(chunks, codec, reading);
        shortOf([Buffer.concat(chunks)], codec, reading);
        shortOf(placed(chunks, place, chunk.subarray(0, 40)), codec, reading);
      }
    }
  });

  it('ends at the same place, wherever a limit is reached', () => {
    const chunks = chunksOf(codec, framesOf(codec, WORDS));
    const all = Buffer.concat(chunks).length;
    for (let bytes = 1; bytes < all; bytes += 53) shortOf(chunks, codec, { limits: { bytes } });
    for (let message = 1; message < 200; message += 11) shortOf(chunks, codec, { limits: { message } });
    for (const frame of [10, 100, 150, 200, 250, NaN]) {
      expect(shortOf(chunks, codec, { limits: { frame } })).toBe(0);
    }
  });

  it('ends at the same place, wherever the stream is cut off', () => {
    const bytes = Buffer.concat(chunksOf(codec, framesOf(codec, WORDS)).slice(0, 12));
    for (let at = 901; at < bytes.length; at += 9) {
      shortOf([bytes.subarray(0, 900), bytes.subarray(900, at)], codec);
      shortOf([bytes.subarray(0, at)], codec);
    }
  });

  it('says the same of streams that are spoilt and cut at random', () => {
    const flawed = Array.from({ length: runs(300) }, (__, seed) => ({
      seed,
      ...compared(codec, seed),
    })).filter(({ difference }) => difference !== undefined);
    expect(flawed).toEqual([]);
  });
});

describe('the short way', () => {
  const [head = new Uint8Array(), , first = new Uint8Array(), ...rest] = chunksOf(
    anthropic,
    framesOf(anthropic, WORDS),
  );
  const start = chunksOf(anthropic, framesOf(anthropic, WORDS))[1] as Uint8Array;

  it('reads what the API pads, and what hides lengths and counts', () => {
    const padded = framesOf(anthropic, WORDS).map(({ event, data }, at) => ({
      event,
      data: data.replace(/\}$/, `${' '.repeat(at % 9)}}`),
    }));
    expectShort(shortOf(chunksOf(anthropic, padded), anthropic), 28);
    const hidden = (codec: Codec): readonly Frame[] =>
      framesOf(codec, WORDS).map((frame, at) => ({
        ...frame,
        data: frame.data.replace(/\}$/, `,"obfuscation":"${'x8'.repeat(at % 5)}"}`),
      }));
    expectShort(shortOf(chunksOf(openaiChat, hidden(openaiChat)), openaiChat), 26);
    expectShort(shortOf(chunksOf(openaiResponses, hidden(openaiResponses)), openaiResponses), 26);
    const timed = framesOf(ollama, WORDS).map(({ data }, at) => ({
      data: data.replace(/("created_at":)"[^"]*"/, `$1"2026-01-01T00:00:${at}.${'1'.repeat(at % 7)}Z"`),
    }));
    expectShort(shortOf(chunksOf(ollama, timed), ollama), 26);
  });

  it('reads the thoughts of a model that names its channel', () => {
    const thoughts = framesOf(openaiChat, WORDS, 'thinking').map(({ data }) => ({
      data: data.replace(/("reasoning_content":"[^"]*")/, '$1,"channel":"analysis"'),
    }));
    expectShort(shortOf(chunksOf(openaiChat, thoughts), openaiChat), 26);
  });

  it('reads frames whose lines end in CR LF', () => {
    const crlf = [head, start, first, ...rest].map((chunk) =>
      utf8.encode(new TextDecoder().decode(chunk).replaceAll('\n', '\r\n')),
    );
    expectShort(shortOf(crlf, anthropic), 28);
  });

  it('goes on behind a ping', () => {
    const ping = utf8.encode('event: ping\ndata: {"type":"ping"}\n\n');
    expectShort(shortOf([head, start, first, ...rest.slice(0, 12), ping, ...rest.slice(12)], anthropic), 26);
  });

  it('is not taken while frames have ids', () => {
    const named = framesOf(anthropic, WORDS).map((frame, at) => ({ ...frame, id: String(at) }));
    expect(shortOf(chunksOf(anthropic, named), anthropic)).toBe(0);
  });

  it('is taken for text as for bytes', () => {
    const texts = [head, start, first, ...rest].map((chunk) => new TextDecoder().decode(chunk));
    expectShort(shortOf(texts, anthropic), rest.length - 5);
  });

  it('lets no longer frame pass than the long one, in chunks of bytes or of text', () => {
    const pieces = ['one', 'two', 'x'.repeat(32_700), '🌆'.repeat(20_000), 'three'];
    const chunks = chunksOf(anthropic, framesOf(anthropic, pieces));
    const texts = chunks.map((chunk) => new TextDecoder().decode(chunk));
    for (const frame of [32_768, 33_000, 50_000])
      for (const given of [chunks, texts]) {
        shortOf(given, anthropic, { limits: { frame } });
        shortOf(
          given.flatMap((chunk) => [chunk.slice(0, 1_000), chunk.slice(1_000)]),
          anthropic,
          { limits: { frame } },
        );
      }
  });

  it('goes on behind a ping', () => {
    const ping = utf8.encode('event: ping\ndata: {"type":"ping"}\n\n');
    const chunks = [head, start, first, ...rest.flatMap((chunk) => [ping, chunk])];
    expect(shortOf(chunks, anthropic)).toBe(shortOf([head, start, first, ...rest], anthropic));
  });

  it('is not taken by a codec that has none', () => {
    expect(geminiInteractions.shortWay).toBeUndefined();
  });

  it('keeps nothing of a chunk that its sender uses again', () => {
    const whole = Buffer.concat([head, start, first, ...rest]);
    const reused = new Uint8Array(97);
    const chunks = Array.from({ length: Math.ceil(whole.length / 97) }, (__, at) =>
      whole.subarray(at * 97, at * 97 + 97),
    );
    const long = seenOf(chunks, anthropic, {}, false);
    const short = seenOf(
      {
        *[Symbol.iterator]() {
          for (const chunk of chunks) {
            reused.set(chunk);
            yield reused.subarray(0, chunk.length);
            reused.fill(0x21);
          }
        },
      },
      anthropic,
      {},
      true,
    );
    expect(differenceOf(long, short)).toBeUndefined();
  });

  it('says the same of every recorded stream, frame by frame, at once and in chunks of a network', () => {
    const kinds = [
      ['anthropic', 'anthropic', anthropic],
      ['chat', '', openaiChat],
      ['responses', '', openaiResponses],
      [undefined, 'google', gemini],
      [undefined, 'ollama', ollama],
    ] as const;
    for (const [kind, folder, codec] of kinds) {
      for (const recording of recordings(kind).filter(({ file }) => file.startsWith(folder))) {
        const bytes = bytesOf(recording);
        const text = new TextDecoder().decode(bytes);
        const frames = text.split(codec.framing === 'sse' ? /(?<=\n\r?\n)/ : /(?<=\n)/);
        shortOf(
          frames.map((frame) => utf8.encode(frame)),
          codec,
        );
        shortOf([bytes], codec);
        for (const size of SIZES) shortOf(inChunks(bytes, size), codec);
      }
    }
  });
});

it.each([': ', 'event: ping\n'])(
  'who hears of a frame may push the next one behind half a line: %j',
  (half) => {
    const frameOf = (content: string, more = ''): string =>
      `data: {"id":"c","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{"content":"${content}"},"finish_reason":null}]${more}}\n\n`;
    const heard: unknown[] = [];
    const chunks = new Subject<string>();
    fromBytes(chunks, { codec: openaiChat }).subscribe((event) => {
      if (event.type !== 'content_block_delta') return;
      heard.push((event.delta as TextDelta).text);
      if (heard.at(-1) === 'other') chunks.next(frameOf('inside'));
    });
    for (const content of ['one', 'two', 'three', 'four', 'five']) chunks.next(frameOf(content));
    chunks.next(frameOf('other', ',"n":1') + half);
    chunks.next(frameOf('last'));
    // Half a line of a comment takes the frame with it; a name is that of the next frame.
    expect(heard).toEqual(['one', 'two', 'three', 'four', 'five', 'other', 'last']);
  },
);

function inChunks(bytes: Uint8Array, size: number): readonly Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
    bytes.subarray(at * size, (at + 1) * size),
  );
}

function placed<T>(all: readonly T[], place: number, one: T): readonly T[] {
  return all.map((each, at) => (at === place ? one : each));
}
