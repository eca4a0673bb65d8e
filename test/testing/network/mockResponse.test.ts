import fc from 'fast-check';
import { lastValueFrom, toArray, VirtualTimeScheduler } from 'rxjs';
import { anthropic } from '../../../src/anthropic.js';
import * as events from '../../../src/events/make.js';
import {
  fromResponse,
  StreamError,
  toText,
  untilTerminal,
  type Codec,
  type StreamEvent,
} from '../../../src/index.js';
import { llmWorker } from '../../../src/llm-worker.js';
import { streamTimeout } from '../../../src/operators/streamTimeout.js';
import { synaps } from '../../../src/synaps.js';
import type { Chunking } from '../../../src/testing/script/cut.js';
import { mockResponse } from '../../../src/testing/network/mockResponse.js';
import type { Recording } from '../../../src/testing/recordings/recording.js';
import { script } from '../../../src/testing/script/script.js';
import { failureOf } from '../../sources/outcome.js';
import { runs } from '../../seed.js';
import { readChunks, settled } from './readChunks.js';

const ANSWER = script().thinking('hm').text(['Hel', 'lo 京']).toolUse('look', { city: '京都' }).events();
const WIRE = ANSWER.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
const BYTES = new TextEncoder().encode(WIRE);

const RECORDING: Recording = {
  entries: ANSWER.map((event, nth) => ({ at: nth * 100, event })),
  end: { at: 2000, end: 'complete' },
};

function eventsOf(response: Response, codec: Codec = anthropic): Promise<StreamEvent[]> {
  return lastValueFrom(fromResponse(response, { codec }).pipe(toArray()));
}

function latin1(text: string): string {
  return Buffer.from(text).toString('latin1');
}

describe('mockResponse', () => {
  it.each([
    ['a script', script().thinking('hm').text(['Hel', 'lo 京']).toolUse('look', { city: '京都' })],
    ['events', ANSWER],
    ['whatever has events', { events: () => ANSWER }],
    [
      'a recording',
      {
        ...RECORDING,
        entries: RECORDING.entries.map(({ event }) => ({ at: 0, event })),
        end: { at: 0, end: 'complete' },
      } satisfies Recording,
    ],
    ['text', WIRE],
    ['bytes', BYTES],
  ])('plays %s', async (_, playable) => {
    expect(await eventsOf(mockResponse(playable, { codec: anthropic }))).toEqual(ANSWER);
  });

  it.each([
    ['text/event-stream', anthropic],
    ['application/x-ndjson', llmWorker],
    ['application/x-ndjson', synaps],
  ])('is of the type %s where the codec says so', async (type, codec) => {
    const response = mockResponse(script().text('Hello'), { codec });
    expect(response.headers.get('content-type')).toBe(type);
    const text = fromResponse(response, { codec }).pipe(toText());
    expect(await lastValueFrom(text)).toBe('Hello');
  });

  it('has the status and headers it is given, and a document where the status is an error', async () => {
    const response = mockResponse('{"error":{"type":"overloaded_error","message":"Busy"}}', {
      status: 529,
      headers: { 'retry-after': '2' },
    });
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await failureOf(fromResponse(response, { codec: anthropic }))).toMatchObject({
      code: 'http',
      status: 529,
      errorType: 'overloaded_error',
      retryAfterMs: 2000,
    });
  });

  it('has no body where the status allows none', () => {
    expect(mockResponse('', { status: 204 }).body).toBeNull();
  });
});

describe('the chunks of a mockResponse', () => {
  it.each<[string, Chunking, number]>([
    ['the whole body', 'whole', 1],
    ['an event each', 'event', ANSWER.length],
    ['two for each event', 'split', 2 * ANSWER.length],
    ['so many bytes', { bytes: 100 }, Math.ceil(BYTES.length / 100)],
    ['what lies between cuts', { at: [64, 10, 10, 0, 1e9] }, 3],
  ])('are %s', async (_, chunking, count) => {
    const chunks = await readChunks(mockResponse(ANSWER, { codec: anthropic, chunking }));
    expect(chunks).toHaveLength(count);
    expect(chunks.map(({ text }) => text).join('')).toBe(latin1(WIRE));
  });

  it('are as long as they are asked to be', async () => {
    const lengths = async (chunking: Chunking): Promise<number[]> =>
      (await readChunks(mockResponse(BYTES, { codec: anthropic, chunking }))).map(({ text }) => text.length);
    expect((await lengths({ bytes: 100 })).slice(0, -1).every((length) => length === 100)).toBe(true);
    expect((await lengths({ at: [10, 64] })).slice(0, 2)).toEqual([10, 54]);
    expect(await lengths('whole')).toEqual([BYTES.length]);
  });

  it('are cut within a character by split', async () => {
    const chunks = await readChunks(
      mockResponse([events.textDelta(0, 'a京')], { codec: anthropic, chunking: 'split' }),
    );
    expect(chunks[0]?.text.endsWith('a\xe4')).toBe(true);
    expect(chunks[1]?.text.startsWith('\xba\xac')).toBe(true);
  });

  it('never change the events', async () => {
    const chunking = fc.oneof(
      fc.constantFrom<Chunking>('whole', 'event', 'split'),
      fc.record({ bytes: fc.integer({ min: 1, max: 300 }) }),
      fc.record({ at: fc.array(fc.integer({ min: 0, max: BYTES.length + 9 })) }),
    );
    await fc.assert(
      fc.asyncProperty(chunking, fc.constantFrom(ANSWER, WIRE), async (given, playable) => {
        expect(await eventsOf(mockResponse(playable, { codec: anthropic, chunking: given }))).toEqual(ANSWER);
      }),
      { numRuns: runs(60) },
    );
  });

  it.each([
    ['LF', 'data: 1\n\ndata: 2\n\n', ['data: 1\n\n', 'data: 2\n\n']],
    ['CRLF', 'data: 1\r\n\r\ndata: 2\r\n\r\n', ['data: 1\r\n\r\n', 'data: 2\r\n\r\n']],
    ['CR', 'data: 1\r\rdata: 2\r\r', ['data: 1\r\r', 'data: 2\r\r']],
    [
      'a comment before',
      ': hi\n\nevent: a\ndata: 1\n\n: bye\n\n',
      [': hi\n\nevent: a\ndata: 1\n\n', ': bye\n\n'],
    ],
    ['an unfinished end', 'data: 1\n\ndata: 2\n', ['data: 1\n\n', 'data: 2\n']],
  ])('are events of given text with %s', async (_, text, chunks) => {
    const read = await readChunks(mockResponse(text, { codec: anthropic, chunking: 'event' }));
    expect(read.map((chunk) => chunk.text)).toEqual(chunks);
  });

  it('are lines of given NDJSON', async () => {
    const response = mockResponse('{"a":1}\n\n{"b":2}\r\n{"c":3}', { codec: llmWorker, chunking: 'event' });
    const read = await readChunks(response);
    expect(read.map(({ text }) => text)).toEqual(['{"a":1}\n', '\n{"b":2}\r\n', '{"c":3}']);
  });

  it('are copies', async () => {
    const bytes = new TextEncoder().encode(WIRE);
    const { value } = await (mockResponse(bytes, { codec: anthropic }).body as ReadableStream<Uint8Array>)
      .getReader()
      .read();
    value?.fill(0);
    expect(bytes).toEqual(BYTES);
  });
});

describe('the times of a mockResponse', () => {
  const times = async (
    options: Parameters<typeof mockResponse>[1],
    playable = ANSWER.slice(0, 4),
  ): Promise<number[]> => {
    const scheduler = new VirtualTimeScheduler();
    const chunks = await readChunks(
      mockResponse(playable, { codec: anthropic, ...options, scheduler }),
      scheduler,
    );
    return chunks.map(({ at }) => at);
  };

  it.each([
    ['nothing', undefined, [0, 0, 0, 0]],
    ['a number', 50, [50, 100, 150, 200]],
    ['a list', [10, 0, 5], [10, 10, 15, 15]],
    ['a function', (nth: number) => nth * 10, [0, 10, 30, 60]],
  ])('are told by %s', async (_, delays, expected) => {
    expect(await times({ delays })).toEqual(expected);
  });

  const read = async (
    options: Parameters<typeof mockResponse>[1],
  ): Promise<{ at: number; text: string }[]> => {
    const scheduler = new VirtualTimeScheduler();
    return readChunks(mockResponse(RECORDING, { codec: anthropic, ...options, scheduler }), scheduler);
  };

  it('are those of a recording, faster if asked', async () => {
    expect((await read({})).map(({ at }) => at)).toEqual(RECORDING.entries.map(({ at }) => at));
    expect((await read({ speed: 10 })).map(({ at }) => at)).toEqual(
      RECORDING.entries.map(({ at }) => at / 10),
    );
  });

  it('are those of a timed script', async () => {
    const scheduler = new VirtualTimeScheduler();
    const answer = script().text('Hi').timed({ first: 300, between: 20 });
    const chunks = await readChunks(mockResponse(answer, { codec: anthropic, scheduler }), scheduler);
    expect(chunks.map(({ at }) => at)).toEqual([300, 320, 340, 360, 380, 400]);
  });

  it('let a chunk come when its last byte is there', async () => {
    const chunks = await read({ chunking: { bytes: 150 } });
    const ends = RECORDING.entries.map(
      ({ event }) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`,
    );
    let bytes = 0;
    for (const chunk of chunks) {
      bytes += chunk.text.length;
      let length = 0;
      const nth = ends.findIndex((text) => (length += Buffer.byteLength(text)) >= bytes);
      expect(chunk.at).toBe(nth * 100);
    }
  });

  it('go on by the clock, however slowly it is read', async () => {
    const clock = new VirtualTimeScheduler();
    const reader = (
      mockResponse(RECORDING, { codec: anthropic, scheduler: clock }).body as ReadableStream<Uint8Array>
    ).getReader();
    await reader.read();
    clock.frame = 250;
    await reader.read();
    await reader.read();
    expect(clock.now()).toBe(250);
    expect(clock.actions).toHaveLength(0);
  });

  it('pass for nobody who has left', async () => {
    const clock = new VirtualTimeScheduler();
    const seen: StreamEvent[] = [];
    const stream = fromResponse(mockResponse(RECORDING, { codec: anthropic, scheduler: clock }), {
      codec: anthropic,
    });
    const subscription = stream.subscribe((event) => seen.push(event));
    await settled();
    subscription.unsubscribe();
    clock.flush();
    await settled();
    expect(seen).toEqual(ANSWER.slice(0, 1));
    expect(clock.now()).toBe(0);
  });

  it('are asked for one by one', async () => {
    const clock = new VirtualTimeScheduler();
    const many = Array.from({ length: 10_000 }, () => events.ping());
    const stream = fromResponse(mockResponse(many, { codec: anthropic, delays: 1, scheduler: clock }), {
      codec: anthropic,
    });
    const seen: StreamEvent[] = [];
    const subscription = stream.subscribe((event) => {
      seen.push(event);
      if (seen.length === 3) subscription.unsubscribe();
    });
    while (!subscription.closed) {
      await settled();
      clock.flush();
    }
    await settled();
    clock.flush();
    expect(clock.now()).toBe(3);
  });
});

describe('a mockResponse that fails', () => {
  it('breaks after so many events', async () => {
    const seen: StreamEvent[] = [];
    const error = await new Promise((resolve) => {
      fromResponse(mockResponse(ANSWER, { codec: anthropic, failure: { afterEvents: 3 } }), {
        codec: anthropic,
      }).subscribe({
        next: (event) => seen.push(event),
        error: resolve,
      });
    });
    expect(seen).toEqual(ANSWER.slice(0, 3));
    expect(error).toMatchObject({ code: 'network', cause: { name: 'TypeError', message: 'terminated' } });
  });

  it.each([0, 1, 57, BYTES.length - 1])('breaks after %i bytes', async (afterBytes) => {
    const { body } = mockResponse(ANSWER, {
      codec: anthropic,
      chunking: { bytes: 10 },
      failure: { afterBytes },
    });
    const reader = (body as ReadableStream<Uint8Array>).getReader();
    let count = 0;
    const read = async (): Promise<void> => {
      for (;;) count += (await reader.read()).value?.length ?? 0;
    };
    await expect(read()).rejects.toThrow('terminated');
    expect(count).toBe(afterBytes);
  });

  it('fails with what it is told to', async () => {
    const error = new StreamError('network', 'Gone');
    const response = mockResponse(ANSWER, { codec: anthropic, failure: { afterBytes: 5, error } });
    await expect(response.text()).rejects.toBe(error);
  });

  it('ends too early as if all were well', async () => {
    const response = mockResponse(ANSWER, { codec: anthropic, failure: { afterEvents: 3, kind: 'end' } });
    expect(await failureOf(fromResponse(response, { codec: anthropic }).pipe(untilTerminal()))).toMatchObject(
      {
        code: 'truncated',
      },
    );
  });

  it('falls silent', async () => {
    const clock = new VirtualTimeScheduler();
    const response = mockResponse(ANSWER, {
      codec: anthropic,
      failure: { afterEvents: 3, kind: 'silence' },
      scheduler: clock,
    });
    const failure = failureOf(
      fromResponse(response, { codec: anthropic }).pipe(streamTimeout({ idle: 5000 }, clock)),
    );
    await settled();
    clock.flush();
    expect(await failure).toMatchObject({ code: 'timeout', kind: 'idle' });
  });

  it.each([
    [
      'a recording',
      {
        ...RECORDING,
        end: { at: 2000, end: 'error', error: { name: 'StreamError', code: 'network', message: 'Cut' } },
      } satisfies Recording,
    ],
    ['a script', script().text('Hello').lost(new StreamError('network', 'Cut'))],
  ])('fails as %s did', async (_, playable) => {
    const clock = new VirtualTimeScheduler();
    const chunks = readChunks(mockResponse(playable, { codec: anthropic, scheduler: clock }), clock);
    await expect(chunks).rejects.toMatchObject({ name: 'StreamError', code: 'network', message: 'Cut' });
  });

  it('stays open as a script does', async () => {
    const answer = script().text('Hi').timed('mabcde');
    const reader = (
      mockResponse(answer, { codec: anthropic }).body as ReadableStream<Uint8Array>
    ).getReader();
    for (let nth = 0; nth < 6; nth++) await reader.read();
    let isOver = false;
    void reader.closed.then(() => (isOver = true));
    void reader.read();
    await settled();
    expect(isOver).toBe(false);
    await reader.cancel();
  });

  it('ends where the subscriber of a recording left', async () => {
    const left: Recording = { entries: RECORDING.entries.slice(0, 1), end: { at: 0, end: 'unsubscribe' } };
    expect(await eventsOf(mockResponse(left, { codec: anthropic }))).toEqual(ANSWER.slice(0, 1));
  });
});
