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
