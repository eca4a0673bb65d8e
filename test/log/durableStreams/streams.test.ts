import type { OutgoingHttpHeaders } from 'node:http';
import { asyncScheduler, defer, firstValueFrom } from 'rxjs';
import type { StreamError } from '../../../src/errors/streamError.js';
import { durableStreamsLog } from '../../../src/log/durable-streams.js';
import { passes, START, Streams } from '../../../src/log/durableStreams/streams.js';
import { Patience } from '../../../src/log/patience.js';
import { Timers } from '../../server/clients.js';
import { beginStream, closeLoopbacks, loopback } from '../../sources/loopback.js';
import { outcomeOf } from '../../sources/outcome.js';

afterEach(closeLoopbacks);

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
    const log = durableStreamsLog(server.url, { timeoutMs: 100 });
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
