import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { vi } from 'vitest';
import {
  asyncScheduler,
  BehaviorSubject,
  concat,
  defer,
  from,
  NEVER,
  of,
  scheduled,
  Subject,
  take,
  tap,
  throwError,
} from 'rxjs';
import { anthropic } from '../../src/codecs/anthropic/codec.js';
import type { Codec } from '../../src/codecs/codec.js';
import { decode } from '../../src/codecs/decode.js';
import { StreamError } from '../../src/errors/streamError.js';
import * as events from '../../src/events/make.js';
import type { StreamEvent } from '../../src/events/event.js';
import type { Chunk, ChunkSource } from '../../src/sources/chunk.js';
import { fromBytes } from '../../src/sources/fromBytes.js';
import { ndjson } from '../../src/wire/ndjson.js';
import { sse } from '../../src/wire/sse.js';
import { isThorough } from '../thorough.js';
import { ANSWER, wire } from './loopback.js';
import { failureOf, outcomeOf } from './outcome.js';

const TEXT = wire(...ANSWER);
const BYTES = new TextEncoder().encode(TEXT);
const PIECES = Array.from({ length: Math.ceil(BYTES.length / 7) }, (_, i) =>
  BYTES.subarray(i * 7, i * 7 + 7),
);
const PING = wire(events.ping());

async function* generated(chunks: Iterable<Chunk> = PIECES): AsyncGenerator<Chunk> {
  for (const chunk of chunks) yield await Promise.resolve(chunk);
}

function streamOf(chunks: Iterable<Chunk> = PIECES): ReadableStream<Chunk> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
}

describe('fromBytes reads', () => {
  const sources: [string, () => ChunkSource][] = [
    ['a ReadableStream', () => streamOf()],
    ['an async generator', () => generated()],
    ['a Node Readable', () => Readable.from(PIECES)],
    ['a PassThrough', () => new PassThrough().end(BYTES)],
    ['a synchronous Observable', () => from(PIECES)],
    ['an asynchronous Observable', () => scheduled(PIECES, asyncScheduler)],
    ['an array', () => PIECES],
    ['one Uint8Array', () => BYTES],
    ['one string', () => TEXT],
    ['an iterable', () => new Set(PIECES)],
    ['a Promise', () => Promise.resolve(BYTES)],
    ['text and bytes mixed', () => [TEXT.slice(0, 50), BYTES.subarray(50)]],
  ];

  it.each(sources)('%s', async (_kind, source) => {
    expect(await outcomeOf(fromBytes(source(), { codec: anthropic }))).toEqual({ values: ANSWER });
  });

  it('a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'from-bytes-'));
    try {
      const file = join(folder, 'answer.sse');
      await writeFile(file, TEXT);
      const source = createReadStream(file, { highWaterMark: 16 });
      expect(await outcomeOf(fromBytes(source, { codec: anthropic }))).toEqual({ values: ANSWER });
      expect(source.destroyed).toBe(true);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('lines of JSON with a codec that has those', async () => {
    const counting: Codec<number> = {
      name: 'counting',
      framing: 'ndjson',
      decoder: () => {
        let line = 0;
        return {
          next: ({ data }) => [events.unknown(String(++line), JSON.parse(data))],
          end: () => [events.messageStop()],
        };
      },
      encoder: () => anthropic.encoder(),
    };
    const source = fromBytes(['[1]\n[', '2]\r\n\n', '[3]'], { codec: counting });
    const expected = {
      values: [
        events.unknown('1', [1]),
        events.unknown('2', [2]),
        events.unknown('3', [3]),
        events.messageStop(),
      ],
    };
    expect(await outcomeOf(source)).toEqual(expected);
    // Each subscription counts from the start.
    expect(await outcomeOf(source)).toEqual(expected);
  });

  it('nothing, and completes', async () => {
    for (const source of [[], '', streamOf([]), generated([])]) {
      expect(await outcomeOf(fromBytes(source, { codec: anthropic }))).toEqual({ values: [] });
    }
  });
});

describe('fromBytes draws', () => {
  it('nothing before it is subscribed to', () => {
    const stream = streamOf();
    void fromBytes(stream, { codec: anthropic });
    expect(stream.locked).toBe(false);
  });

  it('three chunks of 100,000 for take(3)', () => {
    let drawn = 0;
    function* chunks(): Generator<string> {
      while (drawn < 100_000) {
        drawn++;
        yield PING;
      }
    }
    for (const source of [chunks(), from(chunks())]) {
      drawn = 0;
      const seen: StreamEvent[] = [];
      fromBytes(source, { codec: anthropic })
        .pipe(take(3))
        .subscribe((event) => seen.push(event));
      expect(seen).toEqual([events.ping(), events.ping(), events.ping()]);
      expect(drawn).toBe(3);
    }
  });

  it('the three events of take(3) from one chunk of 100,000', () => {
    const decoded: unknown[] = [];
    const watched: Codec = {
      ...anthropic,
      decoder: () => ({
        next: (frame) => {
          decoded.push(frame);
          return [events.ping()];
        },
        end: () => [],
      }),
    };
    fromBytes(PING.repeat(100_000), { codec: watched }).pipe(take(3)).subscribe();
    expect(decoded).toHaveLength(3);
  });

  it('no chunk of a ReadableStream before the one before it was delivered', async () => {
    const steps: string[] = [];
    let pulled = 0;
    const stream = new ReadableStream<Chunk>(
      {
        pull(controller) {
          steps.push(`pull ${pulled}`);
          if (pulled++ === 3) controller.close();
          else controller.enqueue(PING);
        },
      },
      { highWaterMark: 0 },
    );
    await new Promise<void>((complete) => {
      fromBytes(stream, { codec: anthropic }).subscribe({ next: () => steps.push('event'), complete });
    });
    expect(steps).toEqual(['pull 0', 'event', 'pull 1', 'event', 'pull 2', 'event', 'pull 3']);
  });

  it('no chunk of an async iterable before the one before it was delivered', async () => {
    const steps: string[] = [];
    async function* pings(): AsyncGenerator<Chunk> {
      for (let i = 0; i < 2; i++) {
        steps.push(`pull ${i}`);
        yield await Promise.resolve(PING);
      }
    }
    await new Promise<void>((complete) => {
      fromBytes(pings(), { codec: anthropic }).subscribe({ next: () => steps.push('event'), complete });
    });
    expect(steps).toEqual(['pull 0', 'event', 'pull 1', 'event']);
  });
});

describe('the gate of fromBytes', () => {
  /** Chunks that are counted as they are asked for. */
  function counted(): { readonly source: AsyncGenerator<Chunk>; readonly asked: () => number } {
    let asked = 0;
    const chunks = function* (): Generator<Chunk> {
      for (const piece of PIECES) {
        asked++;
        yield piece;
      }
    };
    return { source: generated(chunks()), asked: () => asked };
  }
  const turns = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  it('is subscribed to once, however many chunks there are, and left at the end', async () => {
    const gate = new BehaviorSubject(true);
    let subscriptions = 0;
    const heard = defer(() => {
      subscriptions++;
      return gate;
    });
    expect(await outcomeOf(fromBytes(generated(), { codec: anthropic, gate: heard }))).toEqual({
      values: ANSWER,
    });
    expect(subscriptions).toBe(1);
    expect(gate.observed).toBe(false);
  });

  it('holds the source wherever it is closed', async () => {
    const gate = new BehaviorSubject(false);
    const { source, asked } = counted();
    const seen: StreamEvent[] = [];
    const reading = outcomeOf(
      fromBytes(source, { codec: anthropic, gate }).pipe(
        tap((event) => {
          seen.push(event);
          gate.next(false);
        }),
      ),
    );
    await turns();
    expect(asked()).toBe(0);
    while (seen.length < ANSWER.length) {
      const before = seen.length;
      gate.next(true);
      while (gate.value) await turns();
      const chunks = asked();
      await turns();
      expect(asked()).toBe(chunks);
      expect(seen.length).toBeGreaterThan(before);
    }
    gate.next(true);
    expect(await reading).toEqual({ values: ANSWER });
  });

  it('that completes is never closed again', async () => {
    const gate = new BehaviorSubject(false);
    const { source, asked } = counted();
    const reading = outcomeOf(fromBytes(source, { codec: anthropic, gate }));
    await turns();
    expect(asked()).toBe(0);
    gate.complete();
    expect(await reading).toEqual({ values: ANSWER });
  });

  it('that fails ends the stream, and cancels the source', async () => {
    const gate = new BehaviorSubject(false);
    const cancelled = vi.fn();
    const source = new ReadableStream<Chunk>({ cancel: cancelled }, { highWaterMark: 0 });
    const reading = outcomeOf(fromBytes(source, { codec: anthropic, gate }));
    gate.error(new StreamError('network', 'The client is too slow'));
    expect((await reading).error).toMatchObject({ code: 'network' });
    expect(cancelled).toHaveBeenCalledOnce();
  });
});

describe('unsubscribing from fromBytes', () => {
  it('cancels a ReadableStream', async () => {
    const cancelled = new Promise<void>((cancel) => {
      const stream = new ReadableStream<Chunk>({ start: (c) => c.enqueue(PING), cancel: () => cancel() });
      fromBytes(stream, { codec: anthropic }).pipe(take(1)).subscribe();
    });
    await cancelled;
  });

  it('cancels a ReadableStream that is being waited for', async () => {
    const cancelled = new Promise<void>((cancel) => {
      const stream = new ReadableStream<Chunk>({ cancel: () => cancel() });
      fromBytes(stream, { codec: anthropic }).subscribe().unsubscribe();
    });
    await cancelled;
  });

  it('does not cancel what has ended', async () => {
    const cancel = vi.fn<() => void>();
    const stream = new ReadableStream<Chunk>({ start: (c) => c.close(), cancel });
    await outcomeOf(fromBytes(stream, { codec: anthropic }));
    expect(cancel).not.toHaveBeenCalled();
  });

  it('passes over a source that cannot be cancelled well', async () => {
    const stream = new ReadableStream<Chunk>({
      start: (c) => c.enqueue(PING),
      cancel: () => Promise.reject(new Error('no')),
    });
    expect(await outcomeOf(fromBytes(stream, { codec: anthropic }).pipe(take(1)))).toEqual({
      values: [events.ping()],
    });
  });

  it('destroys a Node stream at once, even one that has nothing to say', async () => {
    const stream = new PassThrough();
    const closed = new Promise<void>((resolve) => stream.once('close', () => resolve()));
    fromBytes(stream, { codec: anthropic }).subscribe().unsubscribe();
    expect(stream.destroyed).toBe(true);
    await closed;
  });

  it('closes a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'from-bytes-'));
    try {
      const file = join(folder, 'answer.sse');
      await writeFile(file, TEXT);
      const source = createReadStream(file, { highWaterMark: 512 });
      const closed = new Promise<void>((resolve) => source.once('close', () => resolve()));
      expect((await outcomeOf(fromBytes(source, { codec: anthropic }).pipe(take(1)))).values).toEqual(
        ANSWER.slice(0, 1),
      );
      await closed;
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('lets an async generator run its finally', async () => {
    const returned = new Promise<void>((resolve) => {
      async function* pings(): AsyncGenerator<Chunk> {
        try {
          yield* generated([PING, PING]);
        } finally {
          resolve();
        }
      }
      fromBytes(pings(), { codec: anthropic }).pipe(take(1)).subscribe();
    });
    await returned;
  });

  it('calls return of an async iterable', async () => {
    const returned = vi.fn(() => Promise.resolve({ done: true as const, value: undefined }));
    const pings: AsyncIterable<Chunk> = {
      [Symbol.asyncIterator]: () => ({
        next: () => Promise.resolve({ done: false, value: PING }),
        return: returned,
      }),
    };
    await outcomeOf(fromBytes(pings, { codec: anthropic }).pipe(take(1)));
    expect(returned).toHaveBeenCalledTimes(1);
  });

  it('tears an Observable down', () => {
    const chunks = new Subject<Chunk>();
    const subscription = fromBytes(chunks, { codec: anthropic }).subscribe();
    expect(chunks.observed).toBe(true);
    subscription.unsubscribe();
    expect(chunks.observed).toBe(false);
  });
});

describe('a source that fails', () => {
  const broken = Object.assign(new Error('cable cut'), { code: 'ECONNRESET' });
  const sources: [string, () => ChunkSource][] = [
    [
      'a ReadableStream',
      () => {
        const chunks = [PING];
        return new ReadableStream<Chunk>({
          pull(controller) {
            const chunk = chunks.pop();
            if (chunk === undefined) controller.error(broken);
            else controller.enqueue(chunk);
          },
        });
      },
    ],
    [
      'an async generator',
      async function* () {
        yield await Promise.resolve(PING);
        throw broken;
      },
    ],
    [
      'a Node stream',
      () =>
        Readable.from(
          (function* () {
            yield PING;
            throw broken;
          })(),
        ),
    ],
    [
      'an Observable',
      () =>
        concat(
          of(PING),
          throwError(() => broken),
        ),
    ],
    [
      'an iterable',
      function* () {
        yield PING;
        throw broken;
      },
    ],
  ];

  it.each(sources)('%s: is network with the cause, after its events', async (_kind, source) => {
    const { values, error } = await outcomeOf(fromBytes(source(), { codec: anthropic }));
    expect(values).toEqual([events.ping()]);
    expect(error).toBeInstanceOf(StreamError);
    expect(error).toMatchObject({ code: 'network', retryable: true });
    expect(error).toHaveProperty('cause', broken);
  });

  it('with a StreamError has that one', async () => {
    const timeout = new StreamError('timeout', 'Nothing came', { kind: 'idle', timeoutMs: 5 });
    expect(
      await failureOf(
        fromBytes(
          throwError(() => timeout),
          { codec: anthropic },
        ),
      ),
    ).toBe(timeout);
  });

  it('that is a Node stream destroyed by another is network', async () => {
    const stream = new PassThrough();
    stream.write(PING);
    const source = fromBytes(stream, { codec: anthropic });
    const outcome = new Promise((resolve) => {
      source.subscribe({ next: () => stream.destroy(), error: resolve });
    });
    expect(await outcome).toMatchObject({ code: 'network', cause: { code: 'ERR_STREAM_PREMATURE_CLOSE' } });
  });

  it('that is a ReadableStream read before is not-a-stream', async () => {
    const source = fromBytes(streamOf(), { codec: anthropic });
    await outcomeOf(source);
    expect(await failureOf(source)).toMatchObject({
      code: 'not-a-stream',
      message: 'This stream was read before',
    });
  });

  it('that cannot be iterated at all has the cause', async () => {
    const fault = new TypeError('chunks is not iterable');
    const source: AsyncIterable<Chunk> = {
      [Symbol.asyncIterator]() {
        throw fault;
      },
    };
    const error = await failureOf(fromBytes(source, { codec: anthropic }));
    expect(error).toMatchObject({ code: 'source', retryable: false });
    expect(error.cause).toBe(fault);
  });

  it.each([null, undefined, 5])('that is %s says what was expected', async (source) => {
    const error = await failureOf(fromBytes(source as unknown as Chunk[], { codec: anthropic }));
    expect(error.code).toBe('source');
    expect((error.cause as Error).message).toMatch(/You provided .+ where a stream was expected/);
  });

  it('with what is neither bytes nor text is malformed', async () => {
    const objects = Readable.from([{ type: 'ping' }]);
    expect(await failureOf(fromBytes(objects, { codec: anthropic }))).toMatchObject({ code: 'malformed' });
    expect(objects.destroyed).toBe(true);
  });

  it('in a page is not-a-stream, with what had come of it', async () => {
    const source = concat(
      of('<html><body>Sign'),
      throwError(() => broken),
    );
    expect(await failureOf(fromBytes(source, { codec: anthropic }))).toMatchObject({
      code: 'not-a-stream',
      raw: '<html><body>Sign',
    });
  });
});

describe('what is wrong with the bytes', () => {
  it('is told after the events before it, and the source is let go of', async () => {
    const cancel = vi.fn<() => void>();
    const stream = new ReadableStream<Chunk>({
      start: (c) => c.enqueue(`${PING}data: {\n\n${PING}`),
      cancel,
    });
    const { values, error } = await outcomeOf(fromBytes(stream, { codec: anthropic }));
    expect(values).toEqual([events.ping()]);
    expect(error).toMatchObject({ code: 'malformed', raw: '{' });
    expect(cancel).toHaveBeenCalledTimes(1);
  });

  it('is truncated for an end inside an event', async () => {
    expect(await failureOf(fromBytes(TEXT.slice(0, -20), { codec: anthropic }))).toMatchObject({
      code: 'truncated',
    });
  });

  it('is truncated for an end inside a character', async () => {
    const cut = new TextEncoder().encode('data: {"type":"ping","note":"ü"}').subarray(0, -3);
    expect(await failureOf(fromBytes(cut, { codec: anthropic }))).toMatchObject({ code: 'truncated' });
  });

  it('is nothing for a last event without its blank line', async () => {
    for (const end of ['', '\n', '\r\n', '\r']) {
      expect(await outcomeOf(fromBytes(`data: {"type":"ping"}${end}`, { codec: anthropic }))).toEqual({
        values: [events.ping()],
      });
    }
  });

  it('is the same for a wire that is piped by hand, wherever it is cut', async () => {
    const framings = [
      [anthropic, TEXT, sse()],
      [
        { ...anthropic, framing: 'ndjson' },
        ANSWER.map((event) => `${JSON.stringify(event)}\n`).join(''),
        ndjson(),
      ],
    ] as const;
    for (const [codec, text, framing] of framings) {
      for (let end = 0; end <= text.length; end += isThorough ? 1 : 7) {
        const cut = text.slice(0, end);
        const piped = await outcomeOf(of(cut).pipe(framing, decode(codec)));
        expect(piped).toEqual(await outcomeOf(fromBytes(cut, { codec })));
        const whole = ANSWER.slice(0, piped.values.length);
        expect(piped.values).toEqual(whole);
        if (piped.error !== undefined) expect(piped.error).toMatchObject({ code: 'truncated' });
      }
    }
  });

  it('is a limit for a frame longer than limits.frame', async () => {
    const endless = concat(of(PING, 'data: ', 'x'.repeat(200)), NEVER);
    const { values, error } = await outcomeOf(
      fromBytes(endless, { codec: anthropic, limits: { frame: 100 } }),
    );
    expect(values).toEqual([events.ping()]);
    expect(error).toMatchObject({ code: 'limit' });
  });

  it('is api for a JSON error, not-a-stream for another document, but not for lines of JSON', async () => {
    expect(await failureOf(fromBytes('{"error":{"message":"No"}}', { codec: anthropic }))).toMatchObject({
      code: 'api',
      message: expect.stringMatching(/: No$/),
    });
    expect(await failureOf(fromBytes('{"message":"No"}', { codec: anthropic }))).toMatchObject({
      code: 'not-a-stream',
      message: 'The server sent a document instead of a stream: No',
    });
    const codec = { ...anthropic, framing: 'ndjson' } as const;
    expect(await outcomeOf(fromBytes('{"type":"ping"}', { codec }))).toEqual({ values: [events.ping()] });
    expect(await failureOf(fromBytes('<html>', { codec }))).toMatchObject({ code: 'not-a-stream' });
  });

  it('leaves a codec that throws no way past StreamError', async () => {
    const fault = new RangeError('codec at fault');
    const codec: Codec = {
      ...anthropic,
      decoder: () => ({
        next: () => {
          throw fault;
        },
        end: () => [],
      }),
    };
    const error = await failureOf(fromBytes(PING, { codec }));
    expect(error).toMatchObject({ code: 'source', retryable: false });
    expect(error.cause).toBe(fault);
  });
});
