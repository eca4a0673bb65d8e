import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { from, Observable, Subject } from 'rxjs';
import { anthropic } from '../../src/codecs/anthropic/codec.js';
import type { Codec } from '../../src/codecs/codec.js';
import { decode } from '../../src/codecs/decode.js';
import { StreamError } from '../../src/errors/streamError.js';
import type { StreamEvent } from '../../src/events/event.js';
import * as events from '../../src/events/make.js';
import { MESSAGE_LIMITS } from '../../src/fold/order/messageMeter.js';
import { accumulateToolInput } from '../../src/operators/accumulateToolInput.js';
import { limitMessages } from '../../src/operators/limitMessages.js';
import { toMessage } from '../../src/operators/toMessage.js';
import type { Chunk } from '../../src/sources/chunk.js';
import { fromBytes } from '../../src/sources/fromBytes.js';
import { fromResponse } from '../../src/sources/fromResponse.js';
import type { StreamLimits } from '../../src/sources/limits.js';
import { nestsDeeper } from '../../src/codecs/nesting.js';
import { streamEvents } from '../../src/sources/streamEvents.js';
import { WIRE_LIMITS } from '../../src/wire/limits.js';
import { sse } from '../../src/wire/sse.js';
import { cpuTime } from '../cpuTime.js';
import { ANSWER, wire } from './loopback.js';
import { failureOf, outcomeOf } from './outcome.js';
import '../seed.js';

const encoder = new TextEncoder();

/** A message with these events in it. */
function message(...content: readonly StreamEvent[]): readonly StreamEvent[] {
  return [events.messageStart(), ...content, events.messageDelta('end_turn'), events.messageStop()];
}

/** A text block in so many pieces. */
function textBlock(index: number, ...pieces: readonly string[]): readonly StreamEvent[] {
  return [
    events.textStart(index),
    ...pieces.map((piece) => events.textDelta(index, piece)),
    events.blockStop(index),
  ];
}

/** What a text block's start counts for: the names of its members, its type, and a `null` in the place of citations. */
const TEXT_START = 'typetextcitations'.length + 'text'.length + 1;

/** What the members of the start of a message count for, and those of its end. */
const HEAD = headOf(events.messageStart());
const END = weight(events.messageDelta('end_turn'));

/** What the text in a value counts for: its strings, the names of its members, and one for anything else. */
function weight(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 1;
  const names = Array.isArray(value) ? '' : Object.keys(value).join('');
  return names.length + Object.values(value).reduce((sum: number, member) => sum + weight(member), 0);
}

function headOf(start: StreamEvent | undefined): number {
  if (start?.type !== 'message_start') throw new Error('Not the start of a message');
  return weight({ ...start.message, content: [] }) - 'content'.length;
}

/** So many arrays within each other. */
function nested(depth: number): string {
  return '['.repeat(depth) + ']'.repeat(depth);
}

function read(chunks: Chunk | readonly Chunk[], limits?: StreamLimits) {
  return outcomeOf(fromBytes(chunks as Chunk, { codec: anthropic, limits }));
}

/** A stream that goes beyond one limit, and how much of it comes before that. */
interface Case {
  readonly name: keyof StreamLimits;
  readonly given: readonly StreamEvent[];
  /** The limit that the whole stream keeps. */
  readonly kept: number;
  /** How many events come when it is less by one. */
  readonly delivered: number;
  readonly says: string;
}

const CASES: readonly Case[] = [
  {
    name: 'bytes',
    given: ANSWER,
    kept: encoder.encode(wire(...ANSWER)).length,
    // The last event lacks its blank line only, but it is not taken.
    delivered: ANSWER.length - 1,
    says: 'The stream is longer than # bytes (limit: bytes)',
  },
  {
    name: 'frame',
    given: message(...textBlock(0, 'a', 'b'.repeat(500), 'c')),
    kept: wire(events.textDelta(0, 'b'.repeat(500))).length,
    delivered: 3,
    says: 'A frame is longer than # characters (limit: frame)',
  },
  {
    name: 'depth',
    given: [events.ping(), events.toolResult('toolu_1', JSON.parse(nested(9)))],
    kept: 10,
    delivered: 1,
    says: 'The JSON of a frame nests deeper than # levels (limit: depth)',
  },
  {
    name: 'block',
    given: message(...textBlock(0, 'ab', 'c'), ...textBlock(1, 'abc', 'd', 'e')),
    kept: TEXT_START + 5,
    delivered: 8,
    says: 'A content block is longer than # characters (limit: block)',
  },
  {
    name: 'message',
    given: [...message(...textBlock(0, 'abc')), ...message(...textBlock(0, 'a', 'b'), ...textBlock(1, 'cd'))],
    kept: HEAD + 2 * TEXT_START + 4 + END,
    delivered: 14,
    says: 'A message is longer than # characters (limit: message)',
  },
  {
    name: 'blocks',
    given: message(...textBlock(0), ...textBlock(1), ...textBlock(2)),
    kept: 3,
    delivered: 5,
    says: 'A message has more than # content blocks (limit: blocks)',
  },
];

describe.each(CASES)('limits.$name', ({ name, given, kept, delivered, says }) => {
  const text = wire(...given);

  it('lets pass what keeps it', async () => {
    expect(await read(text, { [name]: kept })).toEqual({ values: given });
  });

  it('is an error that names it, after all the events before', async () => {
    const { values, error } = await read(text, { [name]: kept - 1 });
    expect(values).toEqual(given.slice(0, delivered));
    expect(error).toBeInstanceOf(StreamError);
    expect(error).toMatchObject({ code: 'limit', retryable: false });
    expect((error as StreamError).message).toBe(says.replace('#', String(kept - 1)));
  });

  it('does not depend on how the stream is cut', async () => {
    for (const size of [1, 7, 100]) {
      const bytes = encoder.encode(text);
      const chunks: Uint8Array[] = [];
      for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
      expect(await read(chunks, { [name]: kept })).toEqual({ values: given });
      const { values, error } = await read(chunks, { [name]: kept - 1 });
      expect(values).toEqual(given.slice(0, delivered));
      expect(error).toMatchObject({ code: 'limit' });
    }
  });

  it('is the same for a wire that is piped by hand', async () => {
    const limits = { [name]: kept - 1 };
    const piped = from([text]).pipe(sse(limits), decode(anthropic, limits), limitMessages(limits));
    expect(await outcomeOf(piped)).toEqual(await read(text, limits));
  });

  it('lets the source go', () => {
    let isOpen = false;
    const chunks = new Subject<Chunk>();
    const source = new Observable<Chunk>((subscriber) => {
      isOpen = true;
      subscriber.add(() => (isOpen = false));
      return chunks.subscribe(subscriber);
    });
    let failure: unknown;
    fromBytes(source, { codec: anthropic, limits: { [name]: kept - 1 } }).subscribe({
      error: (error: unknown) => (failure = error),
    });
    expect(isOpen).toBe(true);
    chunks.next(text);
    expect(failure).toMatchObject({ code: 'limit' });
    expect(isOpen).toBe(false);
  });

  it('is set for every source in the same place', async () => {
    const limits = { [name]: kept - 1 };
    const response = () => new Response(text, { headers: { 'content-type': 'text/event-stream' } });
    const fetch = (_: unknown, init?: RequestInit) => {
      expect(init).not.toHaveProperty('limits');
      return Promise.resolve(response());
    };
    expect((await failureOf(fromResponse(response(), { codec: anthropic, limits }))).code).toBe('limit');
    const asked = streamEvents('https://example.test', { codec: anthropic, fetch, limits });
    expect((await failureOf(asked)).code).toBe('limit');
  });

  it('is lifted by Infinity, and is its default where it is undefined', async () => {
    expect(await read(text, { [name]: Infinity })).toEqual({ values: given });
    expect(await read(text, { [name]: undefined })).toEqual({ values: given });
  });
});

describe('limits.bytes', () => {
  it('counts bytes, whatever the characters', async () => {
    const text = wire(events.textDelta(0, '日本語'));
    expect(await read(encoder.encode(text), { bytes: text.length })).toMatchObject({
      values: [],
      error: { code: 'limit' },
    });
    expect(await read(encoder.encode(text), { bytes: text.length + 6 })).not.toHaveProperty('error');
  });

  it('counts everything that comes, comments too', async () => {
    expect(await read([': ping\n\n', ': ping\n\n'], { bytes: 16 })).not.toHaveProperty('error');
    expect(await read([': ping\n\n', ': ping\n\n'], { bytes: 15 })).toMatchObject({
      error: { code: 'limit' },
    });
  });

  it('counts what is read as bytes, though it be no Uint8Array', async () => {
    const { buffer } = encoder.encode(wire(...ANSWER));
    const chunks = [buffer as unknown as Chunk];
    expect(await read(chunks)).toEqual({ values: ANSWER });
    expect(await read(chunks, { bytes: 100 })).toMatchObject({ error: { code: 'limit' } });
  });
});

describe('limits.frame', () => {
  const lines: Codec = { ...anthropic, framing: 'ndjson' };

  it('is that of a line where lines are read', async () => {
    const text = `${JSON.stringify(events.ping())}\n${JSON.stringify(events.textDelta(0, 'a'.repeat(50)))}\n`;
    const limits = { frame: 60 };
    expect(await outcomeOf(fromBytes(text, { codec: lines, limits }))).toMatchObject({
      values: [events.ping()],
      error: { code: 'limit', message: 'A frame is longer than 60 characters (limit: frame)' },
    });
  });

  it('bounds what is held of a line that never ends', () => {
    const chunks = new Subject<Chunk>();
    let failure: unknown;
    fromBytes(chunks, { codec: anthropic, limits: { frame: 1000 } }).subscribe({
      error: (error: unknown) => (failure = error),
    });
    let sent = 0;
    for (; failure === undefined && sent < 10_000; sent += 100) chunks.next('x'.repeat(100));
    expect(failure).toMatchObject({ code: 'limit' });
    expect(sent).toBe(1100);
  });
});

describe('limits.depth', () => {
  it('is 512 by default', async () => {
    const frame = (depth: number) => `data: {"type":"tree","of":${nested(depth)}}\n\n`;
    expect((await read(frame(511))).values).toHaveLength(1);
    expect(await read(frame(512))).toMatchObject({
      values: [],
      error: {
        code: 'limit',
        message: 'The JSON of a frame nests deeper than 512 levels (limit: depth)',
      },
    });
  });

  it('holds against a frame that no recursion survives', async () => {
    expect(await read(`data: {"type":"tree","of":${nested(1_000_000)}}\n\n`)).toMatchObject({
      error: { code: 'limit' },
    });
  });

  it('is not skipped as malformed', async () => {
    const text = `data: {"type":"tree","of":${nested(600)}}\n\n`;
    expect(await outcomeOf(fromBytes(text, { codec: anthropic, malformed: 'skip' }))).toMatchObject({
      error: { code: 'limit' },
    });
  });

  it('is that of a last frame that nothing ends, too', async () => {
    const text = `data: {"type":"tree","of":${nested(600)}}`;
    expect(await read(text)).toMatchObject({ error: { code: 'limit' } });
  });

  it('leaves the input of a tool to its block, which is invalid beyond 512 levels while the stream goes on', () => {
    const given = (depth: number) =>
      message(
        events.toolUseStart(0, 'toolu_1', 'draw'),
        events.inputJsonDelta(0, `{"of":${nested(depth)}}`),
        events.blockStop(0),
      );
    const last = (depth: number) => {
      let found: unknown;
      let failure: unknown;
      fromBytes(wire(...given(depth)), { codec: anthropic })
        .pipe(accumulateToolInput())
        .subscribe({ next: (input) => (found = input), error: (error: unknown) => (failure = error) });
      expect(failure).toBeUndefined();
      return found;
    };
    expect(last(511)).toMatchObject({ status: 'complete' });
    expect(last(512)).toMatchObject({
      status: 'invalid',
      error: { code: 'tool-input', cause: { code: 'limit' } },
    });
  });
});

describe('the depth of a JSON text', () => {
  const depthOf = (value: unknown): number =>
    typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;

  it('is that of its value, whatever its strings say', () => {
    const strings = fc.string({ unit: fc.constantFrom('"', '\\', '[', '{', ']', '}', 'a') });
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        strings,
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(strings, tie('value'), { maxKeys: 3 }),
      ),
    }));
    fc.assert(
      fc.property(value, fc.nat(6), (given, limit) => {
        expect(nestsDeeper(JSON.stringify(given), limit)).toBe(depthOf(given) > limit);
      }),
    );
  });

  it('is told of any text, in time that is linear in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('"', '\\', '[', ']', 'a') }), (text) => {
        expect(nestsDeeper(text, text.length)).toBe(false);
      }),
    );
    const time = cpuTime(() => {
      for (const piece of ['"', '\\', '\\"', '"\\', '[]', '"a"']) nestsDeeper(piece.repeat(1_000_000), 1);
    });
    expect(time).toBeLessThan(2_000);
  });
});

describe('limits.block', () => {
  it.each([
    ['thinking', events.thinkingStart(0), events.thinkingDelta(0, 'x'.repeat(100))],
    ['a signature', events.thinkingStart(0), events.signatureDelta(0, 'x'.repeat(100))],
    [
      'the input of a tool',
      events.toolUseStart(0, 'toolu_1', 'f'),
      events.inputJsonDelta(0, 'x'.repeat(100)),
    ],
    [
      'an unknown delta',
      events.textStart(0),
      { type: 'content_block_delta', index: 0, delta: { type: 'new', parts: [{ of: 'x'.repeat(100) }] } },
    ],
  ])('counts %s', async (_, start, delta) => {
    const given = [events.messageStart(), start, delta as StreamEvent];
    expect(await read(wire(...given), { block: 100 })).toMatchObject({
      values: given.slice(0, 2),
      error: { code: 'limit' },
    });
    expect(await read(wire(...given), { block: 200 })).toEqual({ values: given });
  });

  it('counts what a start holds', async () => {
    const given = [events.messageStart(), events.toolUseStart(0, 'toolu_1', 'f', { text: 'x'.repeat(100) })];
    expect(await read(wire(...given), { block: 100 })).toMatchObject({
      values: given.slice(0, 1),
      error: { code: 'limit' },
    });
  });

  it('counts numbers, of which a start may hold many', async () => {
    const given = [events.messageStart(), events.toolUseStart(0, 'a', 'f', { list: Array(100).fill(1) })];
    expect(await read(wire(...given), { block: 100 })).toMatchObject({ error: { code: 'limit' } });
  });

  it('counts blocks that grow at the same time each for itself', async () => {
    const turns = Array.from({ length: 50 }, (_, nth) => events.textDelta(nth % 2, 'x'));
    const given = message(events.textStart(0), events.textStart(1), ...turns);
    expect(await read(wire(...given), { block: 25 + TEXT_START })).toEqual({ values: given });
    const { values } = await read(wire(...given), { block: 24 + TEXT_START });
    expect(values).toHaveLength(3 + 48);
  });
});

describe('limits.message', () => {
  it('counts the results of tools', async () => {
    const given = [events.messageStart(), events.toolResult('toolu_1', { text: 'x'.repeat(100) })];
    expect(await read(wire(...given), { message: HEAD + 99 })).toMatchObject({
      values: given.slice(0, 1),
      error: { code: 'limit' },
    });
  });

  it('counts the members of a start and of a delta', async () => {
    const long = 'x'.repeat(100);
    const start = {
      ...events.messageStart(),
      message: { ...events.messageStart().message, container: long },
    };
    const given = [start, { ...events.messageDelta(null), usage: { [long]: 1 } }] as unknown as StreamEvent[];
    for (const [nth, message] of [
      [0, HEAD + 98],
      [1, HEAD + 199],
    ] as const) {
      const { values, error } = await read(wire(...given), { message });
      expect(values).toHaveLength(nth);
      expect(error).toMatchObject({ code: 'limit' });
    }
    expect(await read(wire(...given), { message: HEAD + 400 })).toEqual({ values: given });
  });

  it('counts content that comes with the start', async () => {
    const text = wire(events.messageStart()).replace(
      '"content":[]',
      `"content":[{"type":"text","text":"${'x'.repeat(100)}"}]`,
    );
    expect(await read(text, { message: 100 })).toMatchObject({ values: [], error: { code: 'limit' } });
  });

  it('is not begun again by a start that is repeated', async () => {
    const part = [events.messageStart({ id: 'msg_1' }), events.textDelta(0, 'x'.repeat(10))];
    const { values, error } = await read(wire(...part, ...part, ...part), {
      message: 2 * (HEAD + 'msg_1'.length) + 20,
    });
    expect(error).toMatchObject({ code: 'limit' });
    expect(values).toHaveLength(4);
  });

  it.each([['message_stop', events.messageStop()] as const, ['reset', events.reset(1, null)] as const])(
    'is begun again by %s',
    async (_, end) => {
      const part = [events.messageStart(), events.textDelta(0, 'x'.repeat(10)), end];
      const limits = { message: HEAD + 10, block: 10, blocks: 1 };
      expect(await read(wire(...part, ...part, ...part), limits)).toEqual({
        values: [...part, ...part, ...part],
      });
    },
  );

  it('gives the message so far to those who gather it', async () => {
    const source = fromBytes(wire(...ANSWER), {
      codec: anthropic,
      limits: { message: headOf(ANSWER[0]) + TEXT_START + 3 },
    });
    const { partial } = await failureOf(source.pipe(toMessage()));
    expect(partial).toMatchObject({ content: [{ type: 'text', text: 'Hel' }] });
  });
});

describe('limits.blocks', () => {
  it('counts the blocks that come with the start', async () => {
    const [start] = message();
    const content = Array(4).fill({ type: 'text', text: '', citations: null });
    const text = wire(start as StreamEvent).replace('"content":[]', `"content":${JSON.stringify(content)}`);
    expect(await read(text, { blocks: 4 })).not.toHaveProperty('error');
    expect(await read(text, { blocks: 3 })).toMatchObject({ values: [], error: { code: 'limit' } });
  });

  it('is 4,096 by default, one block after another or by leaps', async () => {
    const starts = (count: number, step: number) =>
      Array.from({ length: count }, (_, nth) => wire(events.textDelta(nth * step, ''))).join('');
    expect((await read(starts(4096, 1))).values).toHaveLength(4096);
    const { values, error } = await read(starts(4097, 90));
    expect(values).toHaveLength(4096);
    expect(error).toMatchObject({ code: 'limit' });
  });
});

describe('SECURITY.md', () => {
  it('names all limits, with their defaults', () => {
    const page = readFileSync(new URL('../../SECURITY.md', import.meta.url), 'utf8');
    const UNITS: readonly (readonly [string, number])[] = [
      [' Gi', 2 ** 30],
      [' Mi', 2 ** 20],
      ['', 1],
    ];
    const written = (limit: number): string => {
      const [name, unit] = UNITS.find(([, unit]) => limit % unit === 0) ?? ['', 1];
      return `${(limit / unit).toLocaleString('en')}${name}`;
    };
    const lines = page.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
    const told = lines.flatMap(([, name = '', , limit = '']) =>
      /^`\w+`$/.test(name) ? [[name, limit]] : [],
    );
    const all = Object.entries({ ...WIRE_LIMITS, depth: 512, ...MESSAGE_LIMITS }).map(([name, limit]) => [
      `\`${name}\``,
      written(limit),
    ]);
    expect(told).toEqual(all);
  });
});
