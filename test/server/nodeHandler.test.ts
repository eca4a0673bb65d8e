import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { buffer, text } from 'node:stream/consumers';
import { concat, firstValueFrom, from, Subject } from 'rxjs';
import { anthropic } from '../../src/anthropic.js';
import {
  events,
  frameText,
  streamEvents,
  streamTimeout,
  untilTerminal,
  type Frame,
  type StreamEvent,
} from '../../src/index.js';
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

it('loses nothing where a response drains as it is written to', async () => {
  const rest = new Subject<StreamEvent>();
  const serve = nodeHandler(() => respond(concat(from(ANSWER.slice(0, 3)), rest), { codec: anthropic }));
  const server = createServer((request, response) => {
    const write = response.write.bind(response) as (chunk: unknown) => boolean;
    response.write = (chunk: unknown) => {
      const takesMore = write(chunk);
      response.emit('drain');
      return takesMore;
    };
    serve(request, response);
  });
  open.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const seen: StreamEvent[] = [];
  await streamEvents(`http://127.0.0.1:${port}`, { codec: anthropic }).forEach((event) => {
    seen.push(event);
    if (event === seen[2]) from(ANSWER.slice(3)).subscribe(rest);
  });
  expect(seen).toEqual(ANSWER);
});

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

  it.each(['1.0', '1.1'])('writes the head as it is: HTTP/%s', async (version) => {
    const source = new Subject<StreamEvent>();
    const url = await serving(() => {
      const answer = respond(source, { codec: anthropic, headers: { 'x-title': 'caf\xe9' } });
      for (const event of ANSWER) source.next(event);
      return answer;
    });
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write(`GET / HTTP/${version}\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    socket.once('data', () => source.complete());
    const all = (await buffer(socket)).toString('latin1');
    expect(all).toContain('x-title: caf\xe9\r\n');
    expect(all).toContain(wire(ANSWER[0] as StreamEvent));
  });

  it('sends text and bytes in their order, and text as UTF-8', async () => {
    const words = ['é', '\u{1f600}', '\ud800', 'x'.repeat(40_000), 'ü'];
    let count = 0;
    const write = ({ data }: Frame): string | Uint8Array =>
      count++ % 3 === 0 ? new TextEncoder().encode(`${data}\n`) : `${data}\n`;
    const said = [
      ...ANSWER.slice(0, 2),
      ...words.map((word) => events.textDelta(0, word)),
      ...ANSWER.slice(-3),
    ];
    const url = await serving(() => respond(from(said), { codec: anthropic, write }));
    expect(await (await fetch(url)).text()).toBe(said.map((event) => `${JSON.stringify(event)}\n`).join(''));
  });

  it.each<[string, (response: Response) => Response]>([
    ['as it is', (response) => response],
    ['in another response', ({ body, headers }) => new Response(body, { headers, status: 201 })],
    [
      'after a copy of it was made, which is read too',
      (response) => {
        void response.clone().text();
        return response;
      },
    ],
    [
      'through a stream of the caller',
      ({ body, headers }) =>
        new Response(body?.pipeThrough(new TransformStream<Uint8Array, Uint8Array>()), { headers }),
    ],
  ])('sends an answer %s, as it comes and whole', async (_, wrap) => {
    const source = new Subject<StreamEvent>();
    const url = await serving(async ({ signal }) => {
      const responding = respond(source, { codec: anthropic, signal });
      source.next(ANSWER[0] as StreamEvent);
      return wrap(await responding);
    });
    const reader = await Reader.ask(url);
    await reader.sees(wire(...ANSWER.slice(0, 1)));
    for (const event of ANSWER.slice(1)) source.next(event);
    source.complete();
    expect(await reader.rest()).toBe(wire(...ANSWER));
  });

  it('breaks the connection off where a program fails that has answered', async () => {
    const source = new Subject<StreamEvent>();
    const write = (frame: Frame): string => {
      if (frame.event === 'content_block_start') throw new Error('no');
      return frameText('sse')(frame);
    };
    const url = await serving(({ signal }) => {
      const responding = respond(source, { codec: anthropic, signal, write });
      source.next(ANSWER[0] as StreamEvent);
      return responding;
    });
    const reader = await Reader.ask(url);
    await reader.sees(wire(...ANSWER.slice(0, 1)));
    source.next(ANSWER[1] as StreamEvent);
    await expect(reader.rest()).rejects.toThrow();
    expect(source.observed).toBe(false);
  });

  it.each([
    ['/a?b=c', 'chat.example', 'http://chat.example/a?b=c'],
    ['//other/a', 'chat.example', 'http://chat.example//other/a'],
    ['http://chat.example:81/a', 'chat.example:81', 'http://chat.example:81/a'],
    ['/', '[::1]:81', 'http://[::1]:81/'],
  ])('hands over what %s at the host %j is', async (path, host, address) => {
    const url = await serving((request) => new Response(request.url));
    const [response] = (await once(get(url, { path, headers: { host } }), 'response')) as [IncomingMessage];
    expect(await text(response)).toBe(address);
  });

  it('passes a 429 with its wait', async () => {
    const { url } = await gateway(({ response }) => response.writeHead(429, { 'retry-after': '7' }).end());
    const response = await fetch(url, { method: 'POST', body: '{}' });
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '7']);
  });

  it.each<[string, Answer, string | undefined]>([
    ['before the first event', () => undefined, undefined],
    ['in the middle', (exchange) => beginStream(exchange, ...ANSWER.slice(0, 4)), 'Hel'],
    [
      'at the last byte',
      (exchange) => {
        beginStream(exchange, ...ANSWER.slice(0, -1));
        exchange.response.write(wire(...ANSWER.slice(-1)).slice(0, -1));
      },
      'message_delta',
    ],
  ])('closes the socket of the upstream when the client leaves %s', async (_, answer, seen) => {
    const { url, upstream } = await gateway(answer);
    const leave = new AbortController();
    const asked = Reader.ask(url, { method: 'POST', body: '{}', signal: leave.signal });
    const { cutOff } = await upstream.asked();
    if (seen !== undefined) await (await asked).sees(seen);
    const left = performance.now();
    leave.abort();
    await asked.catch((error: unknown) => expect(error).toBe(leave.signal.reason));
    expect(await cutOff).toBe(true);
    // It takes some ms; the machine may be busy with something else.
    expect(performance.now() - left).toBeLessThan(2000);
  });

  it('lets the upstream end by itself when the client leaves after the last byte', async () => {
    const { url, upstream } = await gateway((exchange) => beginStream(exchange, ...ANSWER));
    const leave = new AbortController();
    const reader = await Reader.ask(url, { method: 'POST', body: '{}', signal: leave.signal });
    await reader.sees('message_stop');
    leave.abort();
    upstream.last.response.end();
    expect(await upstream.last.cutOff).toBe(false);
  });

  it('cancels the answer of a handler that was still at it when the client left', async () => {
    const asked = new Subject<Request>();
    const cancelled = new Promise((resolve) => {
      const url = serving(async (request) => {
        asked.next(request);
        await once(request.signal, 'abort');
        return new Response(new ReadableStream({ cancel: () => resolve(true) }));
      });
      const leave = new AbortController();
      asked.subscribe(() => leave.abort());
      void url.then((url) => fetch(url, { signal: leave.signal })).catch(() => undefined);
    });
    expect(await cancelled).toBe(true);
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
