import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Subject } from 'rxjs';
import { anthropic } from '../../src/anthropic.js';
import type { StreamEvent } from '../../src/events/event.js';
import { retryBeforeOutput, streamEvents, untilTerminal } from '../../src/index.js';
import { drain, gate, nodeHandler, respond } from '../../src/server.js';
import { ANSWER, beginStream, closeLoopbacks, loopback, wire } from '../sources/loopback.js';
import { Reader, Timers } from './clients.js';

afterEach(closeLoopbacks);

async function shuttingDown() {
  const timers = new Timers();
  const upstream = await loopback((exchange) => beginStream(exchange, ...ANSWER.slice(0, 4)));
  const serving = gate();
  const server = createServer(
    nodeHandler(({ signal }) =>
      respond(
        (gate) =>
          streamEvents(upstream.url, { codec: anthropic, gate }).pipe(
            untilTerminal(),
            retryBeforeOutput(),
            drain(serving, { graceMs: 5000 }, timers),
          ),
        { codec: anthropic, signal },
      ),
    ),
  ).listen(0, '127.0.0.1');
  // A client that keeps its connection would hold the end of the server for seconds.
  server.keepAliveTimeout = 1;
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { timers, upstream, serving, server, url };
}

it('a server that shuts down refuses with 503, and lets what runs end', async () => {
  const { timers, upstream, serving, server, url } = await shuttingDown();
  const running = await Reader.ask(url);
  await running.sees('lo');
  serving.next(false);
  const refused = await fetch(url);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
  expect(await refused.json()).toMatchObject({ error: { message: 'The service refused the request.' } });
  expect(upstream.exchanges).toHaveLength(1);
  const closed = once(server.close(), 'close');
  timers.pass(4999);
  upstream.last.response.end(wire(...ANSWER.slice(4)));
  expect(await running.rest()).toBe(wire(...ANSWER));
  await closed;
  expect(timers.actions).toHaveLength(0);
});

it('a server that shuts down stops what runs too long, in order', async () => {
  const { timers, upstream, serving, server, url } = await shuttingDown();
  const running = await Reader.ask(url);
  await running.sees('lo');
  serving.next(false);
  const closed = once(server.close(), 'close');
  timers.pass(5000);
  expect(await upstream.last.cutOff).toBe(true);
  expect(await running.rest()).toMatch(/"block_abort"[^]*"cancelled"[^]*"message_stop"}\n\n$/);
  await closed;
});

it.each([2 ** 31, Infinity])(
  'a server that may wait for %p ms sets no timer, which would end at once',
  (graceMs) => {
    const timers = new Timers();
    // The scheduler itself leaves out what is infinitely late, where a timer of the platform would end.
    const schedule = vi.spyOn(timers, 'schedule');
    const serving = gate();
    const source = new Subject<StreamEvent>();
    const seen: StreamEvent[] = [];
    const running = source.pipe(drain(serving, { graceMs }, timers)).subscribe((event) => seen.push(event));
    serving.next(false);
    expect(schedule).not.toHaveBeenCalled();
    for (const event of ANSWER) source.next(event);
    expect(seen).toEqual(ANSWER);
    running.unsubscribe();
  },
);
