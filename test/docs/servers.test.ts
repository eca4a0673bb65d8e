import 'reflect-metadata';
import { once } from 'node:events';
import {
  createServer,
  request as nodeRequest,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { getRequestListener } from '@hono/node-server';
import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { lastValueFrom } from 'rxjs';
import { anthropic } from '../../src/anthropic.js';
import { events, streamEvents, toMessage, untilTerminal } from '../../src/index.js';
import { nodeHandler } from '../../src/server.js';
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
import { isThorough } from '../thorough.js';
import { expressApp } from './servers/express.js';
import { fastifyApp } from './servers/fastify.js';
import { honoApp } from './servers/hono.js';
import { ChatController } from './servers/nest.js';
import { POST } from './servers/next.js';

/** Where a server listens, and what ends it. */
interface Serving {
  readonly url: string;
  readonly close: () => unknown;
}

async function serving(listener: RequestListener): Promise<Serving> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

const SERVERS: Readonly<Record<string, () => Promise<Serving>>> = {
  async Nest() {
    Logger.overrideLogger(false);
    const app = await NestFactory.create({ module: ChatController, controllers: [ChatController] });
    await app.listen(0, '127.0.0.1');
    return {
      url: await app.getUrl(),
      close() {
        (app.getHttpServer() as Server).closeAllConnections();
        return app.close();
      },
    };
  },
  Express: () => serving(expressApp),
  async Fastify() {
    const url = await fastifyApp.listen({ port: 0, host: '127.0.0.1' });
    return {
      url,
      close() {
        fastifyApp.server.closeAllConnections();
        return fastifyApp.close();
      },
    };
  },
  Hono() {
    const listen = getRequestListener(honoApp.fetch);
    return serving((request, response) => void listen(request, response));
  },
  // Next calls the function that a route exports with the request.
  Next: () => serving(nodeHandler(POST)),
};

const MEGABYTE = 1024 * 1024;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function heap(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

const { env } = process;
const before = env['ANTHROPIC_BASE_URL'];

afterAll(() => {
  if (before === undefined) delete env['ANTHROPIC_BASE_URL'];
  else env['ANTHROPIC_BASE_URL'] = before;
});

/** A provider that answers so. */
async function provider(answer: Answer): Promise<Loopback> {
  const upstream = await loopback(answer);
  env['ANTHROPIC_BASE_URL'] = upstream.url;
  return upstream;
}

const ASKED = {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: '{"prompt":"Hi"}',
} as const;

describe.each(Object.entries(SERVERS))('a chat on %s', (_, start) => {
  let server: Serving;
  let url: string;

  beforeAll(async () => {
    server = await start();
    url = `${server.url}/api/chat`;
  }, 30_000);

  afterAll(() => server.close());
  afterEach(closeLoopbacks);

  it('answers a browser', async () => {
    const upstream = await provider(answerWhole);
    const answer = streamEvents(url, { codec: anthropic, ...ASKED }).pipe(untilTerminal(), toMessage());
    expect(await lastValueFrom(answer)).toMatchObject({ content: [{ text: 'Hello' }] });
    expect(upstream.last.request.url).toBe('/v1/messages');
    expect(JSON.parse(upstream.last.body)).toMatchObject({ messages: [{ content: 'Hi' }] });
  });

  it('sends the answer as it comes, and ends the request of a client that leaves', async () => {
    const upstream = await provider((exchange) => beginStream(exchange, ...ANSWER.slice(0, 3)));
    const leave = new AbortController();
    const { body, headers } = await fetch(url, { ...ASKED, signal: leave.signal });
    expect(headers.get('cache-control')).toBe('no-cache, no-transform');
    const { value } = (await body?.getReader().read()) ?? {};
    expect(new TextDecoder().decode(value)).toContain('message_start');
    leave.abort();
    expect(await upstream.last.cutOff).toBe(true);
  });

  it('ends the request of a client that leaves before the first event', async () => {
    const upstream = await provider(() => undefined);
    const leave = new AbortController();
    const asked = fetch(url, { ...ASKED, signal: leave.signal });
    const { cutOff } = await upstream.asked();
    leave.abort();
    await expect(asked).rejects.toBe(leave.signal.reason);
    expect(await cutOff).toBe(true);
  });

  it('hands on a 429 with its wait, and says of a body what is wrong with it', async () => {
    await provider(({ response }) => response.writeHead(429, { 'retry-after': '7' }).end());
    const busy = await fetch(url, ASKED);
    expect([busy.status, busy.headers.get('retry-after')]).toEqual([429, '7']);
    expect((await fetch(url, { ...ASKED, body: '{}' })).status).toBe(400);
  });

  it.runIf(isThorough)(
    'costs no memory while its client reads nothing, and misses nothing',
    async () => {
      const delta = wire(events.textDelta(0, 'x'.repeat(2000)));
      let most = 100;
      let sent = 0;
      await provider(async (exchange) => {
        beginStream(exchange, ...ANSWER.slice(0, 2));
        const { response } = exchange;
        for (sent = 0; sent < most; sent++) if (!response.write(delta)) await once(response, 'drain');
        response.end(wire(...ANSWER.slice(4)));
      });
      const ask = async (): Promise<IncomingMessage> => {
        const { body, ...options } = ASKED;
        const asked = nodeRequest(url, { ...options, agent: false });
        asked.end(body);
        const [incoming] = (await once(asked, 'response')) as [IncomingMessage];
        return incoming;
      };
      await text(await ask());
      // As many bytes as 200,000 tokens are.
      most = 10_000;
      const held = heap();
      const incoming = await ask();
      for (let turns = 0, seen = sent; turns < 100; turns++, seen = sent) {
        await new Promise((resolve) => setImmediate(resolve));
        if (sent !== seen) turns = 0;
      }
      expect(sent).toBeLessThan(most);
      expect(heap() - held).toBeLessThan(2 * MEGABYTE);
      most = sent + 10;
      const answer = await text(incoming);
      expect(answer === wire(...ANSWER.slice(0, 2)) + delta.repeat(most) + wire(...ANSWER.slice(4))).toBe(
        true,
      );
    },
    30_000,
  );
});
