import { asyncScheduler, firstValueFrom } from 'rxjs';
import { passes, START, Streams } from '../../../src/log/durableStreams/streams.js';
import { Patience } from '../../../src/log/patience.js';
import { Timers } from '../../server/clients.js';
import { beginStream, closeLoopbacks, loopback } from '../../sources/loopback.js';

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
