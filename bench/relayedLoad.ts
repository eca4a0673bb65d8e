import { once } from 'node:events';
import { Agent, createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as events from '../src/events/make.js';
import type { StreamEvent } from '../src/events/event.js';
import { RELAYED_DELTAS, RELAYED_STREAMS } from './relayed.js';

/** What the clients have got, and who waits for more of it. */
class Arrivals {
  #length = 0;
  #awaited = Infinity;
  #resolve: () => void = ignore;

  add(length: number): void {
    this.#length += length;
    if (this.#length >= this.#awaited) this.#resolve();
  }

  /** Settles once so many characters have come in all. */
  async reach(length: number): Promise<void> {
    if (this.#length >= length) return;
    this.#awaited = length;
    await new Promise<void>((resolve) => (this.#resolve = resolve));
  }
}

/** Plays the provider and all clients of a gateway in the process that started this one. */
export async function relayedLoad(): Promise<string> {
  const open: ServerResponse[] = [];
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.flushHeaders();
    open.push(response);
    if (open.length === RELAYED_STREAMS) server.emit('all');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const [gateway] = (await once(process, 'message')) as [string];

  const arrivals = new Arrivals();
  const agent = new Agent();
  const all = once(server, 'all');
  const ends = Array.from({ length: RELAYED_STREAMS }, () => taken(gateway, agent, arrivals));
  await all;
  let written = 0;
  const send = async (...given: readonly StreamEvent[]): Promise<void> => {
    const text = given.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
    for (const response of open) response.write(text);
    written += text.length * RELAYED_STREAMS;
    await arrivals.reach(written);
  };
  // What retries hold until there is output goes with the first of it.
  await send(
    events.messageStart({ id: 'msg_1', model: 'claude' }),
    events.textStart(0),
    events.textDelta(0, 'A'),
  );
  for (let count = 0; count < RELAYED_DELTAS; count++) {
    if (count === RELAYED_DELTAS / 2) {
      process.send?.('half');
      await once(process, 'message');
    }
    await send(events.textDelta(0, ` word ${count}`));
  }
  await send(
    events.blockStop(0),
    events.messageDelta('end_turn', { output_tokens: RELAYED_DELTAS }),
    events.messageStop(),
  );
  for (const response of open) response.end();
  const lengths = new Set(await Promise.all(ends));
  process.send?.(
    lengths.size === 1 && lengths.has(written / RELAYED_STREAMS) ? 'whole' : [...lengths].join(),
  );
  server.close();
  return '';
}

/** How many characters a client got. */
async function taken(url: string, agent: Agent, arrivals: Arrivals): Promise<number> {
  const [incoming] = (await once(get(url, { agent }), 'response')) as [IncomingMessage];
  let length = 0;
  for await (const chunk of incoming) {
    length += (chunk as Buffer).length;
    arrivals.add((chunk as Buffer).length);
  }
  return length;
}

function ignore(): void {
  // Nobody waits.
}
