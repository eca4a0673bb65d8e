import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, request as ask, type OutgoingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { concatMap, delay, from, lastValueFrom, of, tap } from 'rxjs';
import { memoryLog, type RunLog } from '../../src/log.js';
import { durableStreamsLog } from '../../src/log/durable-streams.js';
import { ANSWER } from '../sources/loopback.js';
import { answerTo } from './runClient.js';
import { chatServer } from './runServer.js';

const page = readFileSync(new URL('../../docs/runs.md', import.meta.url), 'utf8');
const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  }
});

async function listening(server: Server): Promise<string> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** What stands between a browser and the server, and breaks each of the first connections off after so many bytes. */
function cutting(target: string, cuts: number[], methods: string[]): Server {
  return createServer((incoming, outgoing) => {
    methods.push(incoming.method ?? '');
    const { method, headers, url = '' } = incoming;
    const onward = ask(new URL(url, target), { method, headers }, (response) => {
      outgoing.writeHead(response.statusCode ?? 500, response.headers);
      let room = cuts.shift() ?? Infinity;
      response.on('data', (chunk: Buffer) => {
        outgoing.write(chunk.subarray(0, room), () => {
          if (room <= 0) outgoing.destroy();
        });
        room -= chunk.length;
      });
      response.on('end', () => outgoing.end());
    });
    outgoing.on('close', () => onward.destroy());
    incoming.pipe(onward);
  });
}

const model = () => from(ANSWER).pipe(concatMap((event) => of(event).pipe(delay(1))));

describe('the server and the client of the page on runs', () => {
  it.each(['runServer.ts', 'runClient.ts'])('are those that are tested here: %s', (file) => {
    const code = readFileSync(new URL(file, import.meta.url), 'utf8');
    const published = code
      .replaceAll('../../src/index.js', 'rxjs-llm-stream')
      .replaceAll(/\.\.\/\.\.\/src\/(\w+)\.js/g, 'rxjs-llm-stream/$1');
    expect(page).toContain(published);
  });

  it('bring an answer whole although the connection is cut, and post once', async () => {
    const { server } = chatServer(memoryLog(), model, ignore);
    const target = await listening(server);
    const methods: string[] = [];
    const url = await listening(cutting(target, [150], methods));
    const state = await lastValueFrom(answerTo(`${url}/chat`, 'Hi'));
    expect(state).toMatchObject({ status: 'done', message: { content: [{ text: 'Hello' }] } });
    expect(methods).toEqual(['POST', 'GET']);
  });

  it('bring what runs to its end while the server shuts down', async () => {
    const { server, shutDown } = chatServer(memoryLog(), model, ignore);
    const answer = answerTo(`${await listening(server)}/chat`, 'Hi');
    const running = lastValueFrom(
      answer.pipe(
        tap(({ message }) => {
          if (message && server.listening) void shutDown();
        }),
      ),
    );
    expect(await running).toMatchObject({ status: 'done', message: { content: [{ text: 'Hello' }] } });
  });

  it('bring what nobody reads to its end, too, before the process may end', async () => {
    const log = memoryLog();
    const { server, shutDown } = chatServer(log, model, ignore);
    const url = await listening(server);
    const response = await fetch(`${url}/chat`, { method: 'POST', body: JSON.stringify({ prompt: 'Hi' }) });
    const run = response.headers.get('location')?.slice('/runs/'.length) ?? '';
    await response.body?.cancel();
    await shutDown();
    expect((await lastValueFrom(log.read(run))).outcome).toBe('done');
  });
});

/** A log whose server answers so. */
async function logThatAnswers(status: number, headers: OutgoingHttpHeaders): Promise<RunLog> {
  const url = await listening(
    createServer((request, response) => {
      request.resume().on('end', () => response.writeHead(status, headers).end());
    }),
  );
  return durableStreamsLog(url, { timeoutMs: 300 });
}

describe('the server of the page on runs, whose log fails,', () => {
  it.each<[string, () => RunLog | Promise<RunLog>, number, string | null]>([
    ['with a 401', () => logThatAnswers(401, {}), 500, null],
    ['with a 403', () => logThatAnswers(403, {}), 500, null],
    ['with a 429', () => logThatAnswers(429, { 'retry-after': '7' }), 503, '7'],
    ['with a page', () => logThatAnswers(200, { 'content-type': 'text/html' }), 502, null],
    [
      'as it is asked',
      () => ({
        ...memoryLog(),
        read: () => {
          throw new Error('The log is down');
        },
      }),
      500,
      null,
    ],
  ])('%s, says so to its operator, once, and to the browser', async (_, make, status, wait) => {
    const reported: unknown[] = [];
    const { server, shutDown } = chatServer(await make(), model, (error) => reported.push(error));
    const url = await listening(server);
    const response = await fetch(`${url}/chat`, { method: 'POST', body: JSON.stringify({ prompt: 'Hi' }) });
    expect([response.status, response.headers.get('retry-after')]).toEqual([status, wait]);
    expect(await response.json()).toMatchObject({ type: 'error', error: { type: 'api_error' } });
    await shutDown();
    expect(reported).toHaveLength(1);
  });
});

function ignore(): void {
  // Nothing fails here.
}
