/**
 * Lets a thousand viewers in another process read one run over HTTP, every tenth of them 1 kB a second, and looks whether
 * the memory of the server stays flat and all of them end with the same message: `npm run viewers`, in a minute or so;
 * `-- --viewers 200` with fewer.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { lastValueFrom } from 'rxjs';
import { anthropic } from '../src/anthropic.js';
import type { StreamEvent } from '../src/events/event.js';
import * as events from '../src/events/make.js';
import { fromBytes, toText, untilTerminal } from '../src/index.js';
import { memoryLog, shareRun } from '../src/log.js';
import { nodeHandler, respond } from '../src/server.js';

const DELTAS = 500;
const DELTA = 'words and words '.repeat(256);
/** What a slow viewer reads in a second, in bytes. */
const SLOW = 1_000;
/** What the server may hold more at the end of the run than when a quarter of it was written, in bytes for each viewer. */
const MOST_GROWTH = 64 * 1024;
const RUN = 'run';

const { values } = parseArgs({ options: { viewers: { type: 'string' }, url: { type: 'string' } } });
const count = Number(values.viewers ?? 1_000);
if (values.url === undefined) await serve();
else await view(values.url);

/** Writes the run while all viewers are there, and serves it to each. */
async function serve(): Promise<void> {
  if (globalThis.gc === undefined) throw new Error('Run it with --expose-gc');
  const log = memoryLog();
  const writer = await log.open(RUN);
  const share = shareRun(log);
  let there = 0;
  const server = createServer(
    nodeHandler((request) => {
      there++;
      return respond((gate) => share(RUN, { gate }), { codec: anthropic, signal: request.signal });
    }),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const viewers = fork(
    fileURLToPath(import.meta.url),
    ['--url', `http://127.0.0.1:${port}/`, '--viewers', String(count)],
    { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
  );
  const ended = once(viewers, 'message') as Promise<[{ readonly same: number; readonly slow: number }]>;
  await writer.append([events.messageStart({ id: 'msg_1' }), events.textStart(0)]);
  while (there < count) await setTimeout(20);

  let quarter = 0;
  for (let written = 0; written < DELTAS; written++) {
    await writer.append([events.textDelta(0, DELTA)]);
    await setTimeout(5);
    if (written === DELTAS / 4) quarter = inUse();
  }
  const growth = inUse() - quarter;
  const last: readonly StreamEvent[] = [
    events.blockStop(0),
    events.messageDelta('end_turn'),
    events.messageStop(),
  ];
  await writer.append(last);
  await writer.seal('done');
  viewers.send('over');
  const [{ same, slow }] = await ended;
  viewers.disconnect();
  server.close();
  server.closeAllConnections();

  const perViewer = Math.round(growth / count / 1024);
  const isFlat = growth < MOST_GROWTH * count;
  const areSame = same === count && slow === Math.floor(count / 10);
  console.log(`${same} of ${count} viewers have the same message, ${slow} of them slow`);
  console.log(`From a quarter of the run to its end the server holds ${perViewer} KiB more for each viewer`);
  console.log(`${Number(isFlat) + Number(areSame)} passed, ${2 - Number(isFlat) - Number(areSame)} failed`);
  process.exitCode = isFlat && areSame ? 0 : 1;
}

/** Reads the run so many times at once, and says how many of them are whole. */
async function view(url: string): Promise<void> {
  const over = once(process, 'message');
  const text = DELTA.repeat(DELTAS);
  const read = async (nth: number): Promise<boolean> => {
    const [response] = (await once(get(url, { agent: false }), 'response')) as [IncomingMessage];
    const chunks = nth % 10 === 9 ? slowly(response, over) : response;
    return (
      (await lastValueFrom(fromBytes(chunks, { codec: anthropic }).pipe(untilTerminal(), toText()))) === text
    );
  };
  const whole = await Promise.all(Array.from({ length: count }, (_, nth) => read(nth)));
  process.send?.({
    same: whole.filter(Boolean).length,
    slow: whole.filter((isWhole, nth) => isWhole && nth % 10 === 9).length,
  });
}

/** The bytes of a response, so many in a second until the run is over. */
async function* slowly(response: IncomingMessage, over: Promise<unknown>): AsyncGenerator<Uint8Array> {
  for await (const chunk of response as AsyncIterable<Buffer>) {
    yield chunk;
    await Promise.race([setTimeout((chunk.length / SLOW) * 1_000, undefined, { ref: false }), over]);
  }
}

function inUse(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
