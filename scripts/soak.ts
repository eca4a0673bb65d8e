/**
 * Reads a million events over HTTP, and a thousand streams at the same time, and looks whether memory stays flat and
 * nothing is left open: `npm run soak`, in a minute or so.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout } from 'node:timers/promises';
import { last, lastValueFrom, map, mergeMap, range, scan, tap, toArray, type Observable } from 'rxjs';
import { anthropic } from '../src/anthropic.js';
import type { StreamEvent } from '../src/events/event.js';
import * as events from '../src/events/make.js';
import {
  accumulateMessage,
  dropPings,
  retryBeforeOutput,
  sseText,
  streamEvents,
  streamTimeout,
  untilTerminal,
} from '../src/index.js';

const EVENTS = 1_000_000;
const EARLY = 100_000;
const STREAMS = 1_000;
const MOST_GROWTH = 5 * 1024 * 1024;
const WORDS = 100;
/** Words in one chunk. */
const BATCH = 200;

const collect = (): void => {
  if (globalThis.gc === undefined) throw new Error('Run it with --expose-gc');
  globalThis.gc();
};

/** Whoever has gone does not hear the end. */
const hasLeft = (): void => undefined;

let passed = 0;
let failed = 0;
const sockets = new Set<Socket>();
const server = createServer((request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream', connection: 'close' });
  const count = Number(new URL(request.url ?? '', 'http://localhost').searchParams.get('deltas'));
  void pipeline(Readable.from(written(count)), response).catch(hasLeft);
});
server.on('connection', (socket) => {
  sockets.add(socket);
  socket.on('close', () => sockets.delete(socket));
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/?deltas=`;

await oneLongStream();
await manyStreams();

server.close();
server.closeAllConnections();
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/** Where nothing is accumulated nothing is kept: what is in use after most of them is what was in use after some. */
async function oneLongStream(): Promise<void> {
  let early = 0;
  const count = await lastValueFrom(
    streamEvents(`${url}${EVENTS}`, { codec: anthropic }).pipe(
      dropPings(),
      untilTerminal(),
      scan((total) => total + 1, 0),
      tap((total) => {
        if (total === EARLY) early = inUse();
      }),
    ),
  );
  const growth = inUse() - early;
  check(`${count} events came`, count >= EVENTS);
  check(`between event ${EARLY} and ${EVENTS} memory grew by ${mebibytes(growth)}`, growth < MOST_GROWTH);
}

/** A thousand streams at once, all of them whole, and then nothing is left. */
async function manyStreams(): Promise<void> {
  const texts = await lastValueFrom(
    range(0, STREAMS).pipe(
      mergeMap(() => answer(WORDS).pipe(accumulateMessage(), last())),
      map(({ content: [block] }) => (block?.type === 'text' ? block.text : '')),
      toArray(),
    ),
  );
  const expected = 'word '.repeat(WORDS);
  const whole = texts.filter((text) => text === expected).length;
  check(`${whole} of ${STREAMS} streams at once were whole`, whole === STREAMS);
  await settled();
  check(`${sockets.size} sockets are open at the server`, sockets.size === 0);
  check(`left open beside the server: ${leftOver().join(', ') || 'nothing'}`, leftOver().length === 0);
}

/** One answer of so many words, read as an application would read it. */
function answer(deltas: number): Observable<StreamEvent> {
  return streamEvents(`${url}${deltas}`, { codec: anthropic }).pipe(
    streamTimeout({ firstToken: 60_000, idle: 60_000 }),
    retryBeforeOutput(),
    untilTerminal(),
  );
}

/** An answer as it is written, in pieces that the socket takes when it can. */
function* written(deltas: number): Generator<string> {
  yield sse(events.messageStart({ id: 'msg_1' })) + sse(events.textStart(0));
  const line = sse(events.textDelta(0, 'word '));
  for (let sent = 0; sent < deltas; sent += BATCH) {
    yield line.repeat(Math.min(BATCH, deltas - sent)) + sse(events.ping());
  }
  yield [events.blockStop(0), events.messageDelta('end_turn'), events.messageStop()].map(sse).join('');
}

function sse(event: StreamEvent): string {
  return sseText({ event: event.type, data: JSON.stringify(event) });
}

function check(what: string, holds: boolean): void {
  if (holds) passed++;
  else failed++;
  console.log(`${holds ? 'ok  ' : 'FAIL'} ${what}`);
}

/** Bytes that are in use once all garbage is gone. */
function inUse(): number {
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function mebibytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}

/** What keeps the process alive, beside its own output and the server. */
function leftOver(): string[] {
  return process.getActiveResourcesInfo().filter((name) => !/^(?:TTY|Pipe|TCPServer)Wrap$/.test(name));
}

/** Lets sockets finish closing, for ten seconds at most. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 500 && (sockets.size > 0 || leftOver().length > 0); turn++) await setTimeout(20);
}
