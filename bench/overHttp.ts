import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { forkJoin, lastValueFrom } from 'rxjs';
import { anthropic } from '../src/anthropic.js';
import * as events from '../src/events/make.js';
import type { StreamEvent } from '../src/events/event.js';
import { accumulateMessage, streamEvents, untilTerminal } from '../src/index.js';
import type { Job } from './job.js';
import { said } from './relayed.js';

/** So many answers are read at the same time. */
export const HTTP_STREAMS = 100;

/** So many text deltas are each of them. */
export const HTTP_DELTAS = 400;

/** The time between two deltas of an answer, in ms. */
export const HTTP_PACE = 10;

/**
 * The CPU time that all threads of this process spend on an event that comes alone over HTTP, from a server in another process,
 * and is read into a growing message, in µs. The first half of the answers, in which code is compiled, does not count.
 *
 * @throws Error when what comes out is not the answer
 */
export async function overHttpTime(): Promise<number> {
  const job: Job = { kind: 'http-load' };
  const load = fork(process.argv[1] ?? '', [JSON.stringify(job)], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const url = await said(load);
  const answers = Array.from({ length: HTTP_STREAMS }, () =>
    streamEvents(url, { codec: anthropic }).pipe(untilTerminal(), accumulateMessage()),
  );
  const read = lastValueFrom(forkJoin(answers));
  await said(load);
  const before = process.cpuUsage();
  const messages = await read;
  const { user, system } = process.cpuUsage(before);
  load.disconnect();
  if (messages.some(({ stop_reason }) => stop_reason !== 'end_turn'))
    throw new Error('An answer is not whole');
  return (user + system) / (HTTP_STREAMS * (HTTP_DELTAS / 2));
}

/** Plays the provider in the process that {@link overHttpTime} starts: a delta of every answer at each tick. */
export async function httpLoad(): Promise<string> {
  const open: ServerResponse[] = [];
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.flushHeaders();
    if (open.push(response) === HTTP_STREAMS) server.emit('all');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  await once(server, 'all');
  const send = (event: StreamEvent): void => {
    for (const response of open) response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  };
  send(events.messageStart({ id: 'msg_1', model: 'claude' }));
  send(events.textStart(0));
  for (let count = 0; count < HTTP_DELTAS; count++) {
    if (count === HTTP_DELTAS / 2) process.send?.('half');
    send(events.textDelta(0, ` word ${count}`));
    await new Promise((resolve) => setTimeout(resolve, HTTP_PACE));
  }
  send(events.blockStop(0));
  send(events.messageDelta('end_turn', { output_tokens: HTTP_DELTAS }));
  send(events.messageStop());
  for (const response of open) response.end();
  server.close();
  return '';
}
