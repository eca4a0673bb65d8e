import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { firstValueFrom, Subject } from 'rxjs';
import { anthropic } from '../../src/anthropic.js';
import { events, streamEvents, streamTimeout, untilTerminal } from '../../src/index.js';
import { nodeHandler, respond } from '../../src/server.js';
import {
  ANSWER,
  answerWhole,
  beginStream,
  closeLoopbacks,
  loopback,
  wire,
  type Answer,
  type Loopback,
} from '../sources/loopback.js';
import { dawdler, Reader } from './clients.js';

const open: Server[] = [];

afterEach(async () => {
  for (const server of open.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
  await closeLoopbacks();
});

async function serving(handler: (request: Request) => Response | Promise<Response>): Promise<string> {
  const server = createServer(nodeHandler(handler));
  open.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A gateway to an upstream that answers so. */
async function gateway(
  answer: Answer,
  watch: (isOpen: boolean) => unknown = () => undefined,
): Promise<{ url: string; upstream: Loopback }> {
  const upstream = await loopback(answer);
  const url = await serving(async (request) => {
    const body = await request.text();
    return respond(
      (gate) => {
        gate.subscribe(watch);
        return streamEvents(upstream.url, { codec: anthropic, method: 'POST', body, gate }).pipe(
          streamTimeout({ idle: 20_000, gate }),
          untilTerminal(),
        );
      },
      { codec: anthropic, signal: request.signal },
    );
  });
  return { url, upstream };
}

describe('nodeHandler', () => {
  it('hands over the request and sends the answer', async () => {
    const { url, upstream } = await gateway(answerWhole);
    const response = await fetch(url, { method: 'POST', body: '{"prompt":"Hi"}' });
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(await response.text()).toBe(wire(...ANSWER));
    expect(upstream.last.body).toBe('{"prompt":"Hi"}');
  });

  it('passes a 429 with its wait', async () => {
    const { url } = await gateway(({ response }) => response.writeHead(429, { 'retry-after': '7' }).end());
    const response = await fetch(url, { method: 'POST', body: '{}' });
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '7']);
  });

  it('ends the upstream when the client leaves before the first event', async () => {
    const { url, upstream } = await gateway(() => undefined);
    const leave = new AbortController();
    const asked = fetch(url, { method: 'POST', body: '{}', signal: leave.signal });
    const { cutOff } = await upstream.asked();
    leave.abort();
    await expect(asked).rejects.toThrow();
    expect(await cutOff).toBe(true);
  });

  it('ends the upstream when the client leaves in the middle', async () => {
    const { url, upstream } = await gateway((exchange) => beginStream(exchange, ...ANSWER.slice(0, 4)));
    const leave = new AbortController();
    const reader = await Reader.ask(url, { method: 'POST', body: '{}', signal: leave.signal });
    await reader.sees('Hel');
    leave.abort();
    expect(await upstream.last.cutOff).toBe(true);
  });

  it('holds the upstream while a client reads nothing; later it reads all', async () => {
    const closed = new Subject<void>();
    const held = firstValueFrom(closed);
    let sent = 0;
    const piece = wire(...Array.from({ length: 20 }, () => events.textDelta(0, 'x'.repeat(2000))));
    const { url } = await gateway(
      async (exchange) => {
        beginStream(exchange, ...ANSWER.slice(0, 2));
        const { response } = exchange;
        for (; sent < 500; sent++) if (!response.write(piece)) await once(response, 'drain');
        response.end(wire(...ANSWER.slice(4)));
      },
      (isOpen) => isOpen || closed.next(),
    );
    const incoming = await dawdler(url);
    await held;
    expect(sent).toBeLessThan(500);
    const answer = (await text(incoming)).replaceAll(': keep-alive\n\n', '');
    expect(answer).toBe(wire(...ANSWER.slice(0, 2)) + piece.repeat(500) + wire(...ANSWER.slice(4)));
  }, 30_000);

  it('answers a body of 2 MiB with 413, and a handler that fails with 500', async () => {
    const url = await serving(async (request) => Response.json(await request.json()));
    const statuses = await Promise.all(
      ['{"a":1}', '{"a":', JSON.stringify('x'.repeat(2 * 1024 * 1024))].map(
        async (body) => (await fetch(url, { method: 'POST', body })).status,
      ),
    );
    expect(statuses).toEqual([200, 500, 413]);
  });

  it('sends each cookie by itself', async () => {
    const url = await serving(() => {
      const response = new Response('Hello');
      response.headers.append('set-cookie', 'a=1');
      response.headers.append('set-cookie', 'b=2, c');
      return response;
    });
    const { headers } = await fetch(url);
    expect(headers.getSetCookie()).toEqual(['a=1', 'b=2, c']);
  });
});
