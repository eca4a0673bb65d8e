import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import express from 'express';
import fastify from 'fastify';
import { nodeHandler } from '../../src/server.js';

const open: Server[] = [];

afterEach(() => {
  for (const server of open.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

async function listening(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  open.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Says what the handler was given. */
const echo = nodeHandler(async (request) => {
  const { method, headers } = request;
  return Response.json({
    method,
    type: headers.get('content-type'),
    length: headers.get('content-length'),
    encoding: headers.get('content-encoding'),
    text: await request.text(),
  });
});

const asJson = nodeHandler(async (request) => Response.json(await request.json()));

const JSON_TYPE = { 'content-type': 'application/json' };
const PROMPT = '{ "prompt": "宇治" }';
const COMPACT = '{"prompt":"宇治"}';

async function post(
  url: string,
  body: BodyInit,
  headers: Record<string, string> = JSON_TYPE,
): Promise<unknown> {
  return (await fetch(url, { method: 'POST', body, headers })).json();
}

describe('a body that a parser has read', () => {
  it('reaches the handler: express.json()', async () => {
    const url = await listening(express().use(express.json()).post('/', echo));
    expect(await post(url, PROMPT)).toEqual({
      method: 'POST',
      type: 'application/json',
      length: null,
      encoding: null,
      text: COMPACT,
    });
  });

  it('reaches it unpacked', async () => {
    const url = await listening(express().use(express.json()).post('/', echo));
    const headers = { ...JSON_TYPE, 'content-encoding': 'gzip' };
    expect(await post(url, gzipSync(PROMPT), headers)).toMatchObject({ encoding: null, text: COMPACT });
  });

  it('reaches it as the bytes that were read, where those are kept', async () => {
    const keep = (request: IncomingMessage & { rawBody?: Buffer }, _: unknown, bytes: Buffer): void => {
      request.rawBody = bytes;
    };
    const url = await listening(
      express()
        .use(express.json({ verify: keep }))
        .post('/', echo),
    );
    expect(await post(url, PROMPT)).toMatchObject({ text: PROMPT });
  });

  it.each([
    ['express.text()', express.text(), { 'content-type': 'text/plain' }, 'a=1', 'text/plain', 'a=1'],
    ['express.raw()', express.raw({ type: () => true }), JSON_TYPE, PROMPT, 'application/json', PROMPT],
    [
      'express.urlencoded()',
      express.urlencoded(),
      { 'content-type': 'application/x-www-form-urlencoded' },
      'a=1&b=2',
      'application/json',
      '{"a":"1","b":"2"}',
    ],
  ])('reaches the handler: %s', async (_, parser, headers, body, type, text) => {
    const url = await listening(express().use(parser).post('/', echo));
    expect(await post(url, body, headers)).toMatchObject({ type, text, length: null });
  });

  it('reaches the handler: Fastify', async () => {
    const app = fastify();
    app.post('/', (request, reply) =>
      echo(Object.assign(request.raw, { body: request.body }), reply.hijack().raw),
    );
    try {
      expect(await post(await app.listen({ port: 0, host: '127.0.0.1' }), PROMPT)).toMatchObject({
        text: COMPACT,
      });
    } finally {
      app.server.closeAllConnections();
      await app.close();
    }
  });

  it('is read here where the parser let it be', async () => {
    const url = await listening(express().use(express.json()).post('/', echo));
    expect(await post(url, PROMPT, { 'content-type': 'text/plain' })).toMatchObject({
      type: 'text/plain',
      length: String(Buffer.byteLength(PROMPT)),
      text: PROMPT,
    });
    expect(await (await fetch(url, { method: 'POST' })).json()).toMatchObject({ text: '' });
  });

  it('and has left nothing of is a failure, not an empty body', async () => {
    const url = await listening((request, response) => {
      request.resume().on('end', () => echo(request, response));
    });
    expect((await fetch(url, { method: 'POST', body: PROMPT })).status).toBe(500);
    expect(await post(url, '')).toMatchObject({ text: '' });
  });

  it('too large or no JSON is answered by the parser', async () => {
    const url = await listening(express().use(express.json()).post('/', asJson));
    const statusOf = async (body: string): Promise<number> =>
      (await fetch(url, { method: 'POST', body, headers: JSON_TYPE })).status;
    expect([await statusOf('{"a":'), await statusOf(JSON.stringify('x'.repeat(200_000)))]).toEqual([
      400, 413,
    ]);
  });
});

describe('a body that nobody has read', () => {
  const failureOf = async (url: string, body: string): Promise<unknown> => {
    const response = await fetch(url, { method: 'POST', body });
    return [response.status, response.headers.get('content-type'), await response.json()];
  };
  const failure = (type: string, message: string): object => ({ type: 'error', error: { type, message } });

  it('of 10 MB is a 413 that says so, and the connection is used again', async () => {
    const url = await listening(asJson);
    const said = [
      413,
      'application/json',
      failure('request_too_large', 'The body of the request is larger than 1048576 bytes.'),
    ];
    const body = 'x'.repeat(10_000_000);
    expect(await failureOf(url, body)).toEqual(said);
    expect(await failureOf(url, body)).toEqual(said);
    expect(await post(url, PROMPT)).toEqual({ prompt: '宇治' });
  });

  it('of 100 MB is broken off', async () => {
    const asked = request(await listening(asJson), { method: 'POST' });
    const failed = once(asked, 'error');
    const megabyte = Buffer.alloc(1024 * 1024);
    let isOver = false;
    void failed.then(() => (isOver = true));
    for (let sent = 0; sent < 100 && !isOver; sent++) {
      if (!asked.write(megabyte)) await Promise.race([once(asked, 'drain'), failed]);
    }
    const [error] = (await failed) as [NodeJS.ErrnoException];
    expect(['ECONNRESET', 'EPIPE']).toContain(error.code);
  });

  it('is a 400 where it is no JSON, and the handler wants JSON', async () => {
    const url = await listening(asJson);
    const said = [
      400,
      'application/json',
      failure('invalid_request_error', 'The body of the request is not JSON.'),
    ];
    for (const body of ['{"prompt":', '', '<p>Hi</p>', PROMPT.slice(0, -1)]) {
      expect(await failureOf(url, body)).toEqual(said);
    }
  });

  it.each([
    ['reads it otherwise', (request: Request) => request.text()],
    ['does not read it', (): Promise<string> => Promise.resolve('')],
    ['reads its JSON', (request: Request) => request.json()],
  ])('is a 500 where the handler %s and fails at JSON of its own', async (how, read) => {
    const url = await listening(
      nodeHandler(async (request) => {
        await read(request);
        return Response.json(JSON.parse('{"secret":'));
      }),
    );
    const body = how === 'does not read it' ? 'Hi' : PROMPT;
    expect(await failureOf(url, body)).toEqual([
      500,
      'application/json',
      failure('api_error', 'Something went wrong.'),
    ]);
  });

  it.each([undefined, null, 'Hi', {}])(
    'is a 500 where the handler returns no response, but %j',
    async (given) => {
      const url = await listening(nodeHandler(() => given as Response));
      expect(await failureOf(url, PROMPT)).toEqual([
        500,
        'application/json',
        failure('api_error', 'Something went wrong.'),
      ]);
    },
  );

  it.each([
    { headers: { host: 'a b' } },
    { headers: { host: 'a/b?' } },
    { headers: { host: 'a#' } },
    { headers: { host: 'b@a' } },
    { headers: { host: 'a\\b' } },
    { method: 'OPTIONS', path: '*' },
  ])('of a request that is none is a 400: %j', async (options) => {
    const asked = request(await listening(asJson), options).end();
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    expect(response.statusCode).toBe(400);
    expect(await json(response)).toEqual(failure('invalid_request_error', 'The request is not valid.'));
  });
});
