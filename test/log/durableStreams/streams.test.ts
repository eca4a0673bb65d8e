import { once } from 'node:events';
import type { OutgoingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import { asyncScheduler, defer, firstValueFrom } from 'rxjs';
import type { StreamError } from '../../../src/errors/streamError.js';
import { durableStreamsLog } from '../../../src/log/durable-streams.js';
import { passes, START, Streams } from '../../../src/log/durableStreams/streams.js';
import { Patience } from '../../../src/log/patience.js';
import { Timers } from '../../server/clients.js';
import { beginStream, closeLoopbacks, loopback } from '../../sources/loopback.js';
import { outcomeOf } from '../../sources/outcome.js';
import { watch } from '../watch.js';

afterEach(closeLoopbacks);

/** Lets what is under way in promises happen. */
function turn(): Promise<unknown> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe('a stream that is followed', () => {
  it('leaves no timer behind when its reader leaves between two connections', async () => {
    const server = await loopback((exchange) => {
      beginStream(exchange);
      exchange.response.end();
    });
    const timers = new Timers();
    const access = { url: server.url, fetch: globalThis.fetch, headers: () => ({}) };
    const reading = new Streams(access, new Patience('The server', 5_000, timers, passes))
      .live('run', START)
      .subscribe();
    // A connection that said nothing is followed by another one a little later.
    await timers.awaited(40);
    reading.unsubscribe();
    expect(timers.actions.filter(({ closed }) => !closed)).toEqual([]);
    timers.pass(10_000);
    expect(server.exchanges).toHaveLength(1);
  });
});

describe('a server that refuses', () => {
  /** What a log fails with that is read, written or asked, of a server that answers so. */
  async function failuresOf(status: number, headers: OutgoingHttpHeaders): Promise<readonly unknown[]> {
    const server = await loopback(({ response }) => response.writeHead(status, headers).end('No'));
    const log = durableStreamsLog(server.url, { timeoutMs: 300 });
    const [read, ...rest] = await Promise.all([
      outcomeOf(log.read('run')),
      log.open('run').catch((error: unknown) => error),
      log.ask('run', { stop: true }).catch((error: unknown) => error),
    ]);
    return [read.error, ...rest];
  }

  it.each([
    [429, { 'retry-after': '7' }, 7_000],
    [503, { 'retry-after-ms': '1500', 'retry-after': '9' }, 1_500],
    [401, { 'retry-after': 'Wed, 01 Jan 2020 12:00:00 GMT' }, 0],
    [503, { 'retry-after': 'soon' }, undefined],
    [503, {}, undefined],
  ])('says how long to wait, as a provider does: %i with %j', async (status, headers, retryAfterMs) => {
    for (const error of await failuresOf(status, headers)) {
      expect(error).toMatchObject({ code: 'http', status });
      expect((error as StreamError).retryAfterMs).toBe(retryAfterMs);
    }
  });

  /** Streams of a server whose refusals have bodies that never end, and its answers, which nothing collects meanwhile. */
  async function refusedWith(...statuses: readonly number[]) {
    const server = await loopback((exchange) => {
      const status = statuses[server.exchanges.length - 1];
      if (status === undefined) beginStream(exchange);
      else exchange.response.writeHead(status).write('No');
    });
    const answers: Response[] = [];
    const access = {
      url: server.url,
      fetch: async (...asked: Parameters<typeof fetch>): Promise<Response> => {
        const answer = await fetch(...asked);
        answers.push(answer);
        return answer;
      },
      headers: () => ({}),
    };
    const streams = new Streams(access, new Patience('The server', 5_000, asyncScheduler, passes));
    return { server, streams, answers };
  }

  it.each([
    ['while it comes', (streams: Streams) => streams.live('run', START)],
    ['as it stands', (streams: Streams) => defer(() => streams.standing('run', START))],
  ])('holds no connection by a body that nobody reads: %s', async (_, read) => {
    const { server, streams, answers } = await refusedWith(503, 401);
    expect((await outcomeOf(read(streams))).error).toMatchObject({ status: 401 });
    expect(answers.map(({ bodyUsed }) => bodyUsed)).toEqual([true, true]);
    expect(await Promise.all(server.exchanges.map(({ cutOff }) => cutOff))).toEqual([true, true]);
  });

  it('is let go of while the reader of what it refused is there', async () => {
    const { server, streams, answers } = await refusedWith(503);
    const reading = streams.live('run', START).subscribe();
    await server.asked(2);
    expect(answers[0]?.bodyUsed).toBe(true);
    expect(await server.exchanges[0]?.cutOff).toBe(true);
    reading.unsubscribe();
  });
});

describe('a stream whose server says nothing', () => {
  const CONTROL = `event: control\ndata: ${JSON.stringify({ streamNextOffset: '1', upToDate: true })}\n\n`;

  /** Follows a stream whose answers are these, and the last of them from then on, for more than a minute or until it fails. */
  async function followed(...answers: readonly ((timers: Timers) => Response)[]) {
    const timers = new Timers();
    let asked = 0;
    const access = {
      url: 'http://127.0.0.1/runs',
      async fetch(): Promise<Response> {
        await turn();
        return (answers[asked++] ?? answers.at(-1))?.(timers) ?? Response.error();
      },
      headers: () => ({}),
    };
    const streams = new Streams(access, new Patience('The server', 5_000, timers, passes));
    const reading = watch(streams.live('run', START));
    while (reading.error === undefined && timers.now() < 61_000) {
      await turn();
      timers.pass(100);
    }
    reading.leave();
    return { reading, asked, at: timers.now(), timers };
  }

  const stream = (body: BodyInit | null, headers: HeadersInit = {}): Response =>
    new Response(body, { headers: { 'content-type': 'text/event-stream', ...headers } });

  const breaking = (): Response =>
    new Response(
      new ReadableStream({ pull: (controller) => controller.error(new TypeError('terminated')) }),
      {
        headers: { 'content-type': 'text/event-stream' },
      },
    );

  it.each([
    ['no body', () => stream(null)],
    ['an empty body', () => stream(new Uint8Array())],
    ['a body that breaks off', breaking],
  ])('fails in time where that is %s, and may be asked again', async (_, answer) => {
    const { reading, at, timers } = await followed(answer);
    expect(reading.error).toMatchObject({
      code: 'malformed',
      retryable: true,
      message:
        'The server of the log sent event streams without a word for 5000 ms: see what answers at its address',
    });
    expect(at).toBeGreaterThanOrEqual(5_000);
    expect(at).toBeLessThan(7_000);
    expect(timers.actions.filter(({ closed }) => !closed)).toEqual([]);
  });

  it.each([
    ['an event of control', () => stream(CONTROL)],
    ['a comment', () => stream(': here\n\n')],
    ['what is cut off', () => stream('event: da')],
    ['an offset as a header', () => stream(null, { 'stream-next-offset': '1' })],
    ['that it has nothing new, as a header', () => stream(null, { 'stream-up-to-date': 'true' })],
    ['a cursor as a header', () => stream(null, { 'stream-cursor': '1' })],
  ])('goes on where each answer ends after %s', async (_, answer) => {
    const { reading, at, asked } = await followed(answer);
    expect(reading.error).toBeUndefined();
    expect(at).toBeGreaterThan(60_000);
    expect(asked).toBeGreaterThan(30);
  });

  // An answer may take 5 s here: a server that holds a connection for less of it does not fall silent by that.
  it.each([1_200, 20_000])(
    'goes on where each is held open for %i ms, and ends without a word',
    async (ms) => {
      const { reading, at } = await followed((timers) => {
        const end = (controller: ReadableStreamDefaultController): void =>
          void timers.schedule(() => controller.close(), ms);
        return stream(new ReadableStream({ start: end }));
      });
      expect(reading.error).toBeUndefined();
      expect(at).toBeGreaterThan(60_000);
    },
  );

  it('is a log that may be read again', async () => {
    const server = await loopback((exchange) => {
      beginStream(exchange);
      exchange.response.end();
    });
    const { error } = await outcomeOf(durableStreamsLog(server.url, { timeoutMs: 300 }).read('run'));
    expect(error).toMatchObject({ code: 'malformed', retryable: true });
    expect(server.exchanges.length).toBeGreaterThan(1);
  });

  it('begins to wait anew with each word of it', async () => {
    const silent = () => stream(null);
    const word = [silent, silent, silent, silent, silent, () => stream(CONTROL)];
    const { reading } = await followed(...word, ...word, ...word, ...word, silent);
    expect(reading.values).toHaveLength(4);
    expect(reading.error).toMatchObject({ code: 'malformed' });
  });
});

describe('a refusal whose body', () => {
  const streamsOf = (url: string, fetch: typeof globalThis.fetch): Streams =>
    new Streams({ url, fetch, headers: () => ({}) }, new Patience('The server', 300, asyncScheduler, passes));

  it('does not end is one all the same, and holds no connection', async () => {
    const server = await loopback(({ response }) => void response.writeHead(401).write('No'));
    const streams = streamsOf(server.url, globalThis.fetch);
    for (const writes of [() => streams.append('run', '[1]'), () => streams.create('run', 60)]) {
      const error = await writes().catch((failed: unknown) => failed);
      expect(error).toMatchObject({ code: 'http', status: 401, retryable: false });
    }
    for (const { response } of server.exchanges) if (!response.destroyed) await once(response, 'close');
  });

  it('is of another kind, as that of a fetch for Node may be, is one all the same', async () => {
    const given = { ok: false, status: 401, headers: new Headers(), body: Readable.from(['No']) };
    const streams = streamsOf('http://127.0.0.1/', () => Promise.resolve(given as unknown as Response));
    const error = await streams.append('run', '[1]').catch((failed: unknown) => failed);
    expect(error).toMatchObject({ code: 'http', status: 401 });
  });
});

describe('a server of another protocol that answers with success', () => {
  /** Answers each request with the first of these answers that is left, and with the last one for ever. */
  async function writing(...answers: readonly (readonly [OutgoingHttpHeaders, string])[]) {
    let count = 0;
    const server = await loopback(({ response }) => {
      const [headers, body] = answers[Math.min(count++, answers.length - 1)] ?? [{}, ''];
      response.writeHead(200, headers).end(body);
    });
    const access = { url: server.url, fetch: globalThis.fetch, headers: () => ({}) };
    const streams = new Streams(access, new Patience('The server', 300, asyncScheduler, passes));
    return { server, streams };
  }
  const page = [{ 'content-type': 'text/html' }, '<p>Log in</p>'] as const;
  const kept = [{ 'stream-next-offset': '1' }, ''] as const;

  it.each([
    ['a page', page],
    ['JSON', [{ 'content-type': 'application/json' }, '{"ok":true}'] as const],
    ['nothing', [{}, ''] as const],
  ])('has kept nothing: %s', async (_, answer) => {
    const { streams } = await writing(answer);
    for (const writes of [() => streams.append('run', '[1]'), () => streams.create('run', 60)]) {
      const error = await writes().catch((failed: unknown) => failed);
      expect(error).toMatchObject({ code: 'malformed', retryable: true });
    }
  });

  it('is asked again, as long as an answer may take', async () => {
    const { server, streams } = await writing(page, kept);
    await streams.append('run', '[1]');
    expect(server.exchanges).toHaveLength(2);
  });

  it('is none that has had an append before, with words of its own', async () => {
    const { server, streams } = await writing([{ 'producer-epoch': '0' }, 'Had it']);
    await streams.append('run', '[1]');
    expect(server.exchanges).toHaveLength(1);
  });
});

describe('a stream that holds more messages than a call takes arguments', () => {
  const COUNT = 200_000;
  const json = JSON.stringify(Array.from({ length: COUNT }, (_, at) => at));
  const control = JSON.stringify({ streamNextOffset: '1', streamClosed: true });

  it.each([
    ['as it stands', (streams: Streams) => streams.standing('run', START)],
    ['while it comes', (streams: Streams) => firstValueFrom(streams.live('run', START))],
  ])('is read %s', async (_, read) => {
    const server = await loopback((exchange) => {
      const isLive = exchange.request.url?.includes('live=sse') === true;
      exchange.response.setHeader('content-type', isLive ? 'text/event-stream' : 'application/json');
      exchange.response.setHeader('stream-closed', 'true');
      exchange.response.end(
        isLive ? `event: data\ndata: ${json}\n\nevent: control\ndata: ${control}\n\n` : json,
      );
    });
    const access = { url: server.url, fetch: globalThis.fetch, headers: () => ({}) };
    const patience = new Patience('The server', 5_000, asyncScheduler, passes);
    const { messages } = await read(new Streams(access, patience));
    expect(messages).toHaveLength(COUNT);
  });
});
