import { once } from 'node:events';
import { Agent, createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as events from '../src/events/make.js';
import type { StreamEvent } from '../src/events/event.js';
import { RELAYED_DELTAS, RELAYED_STREAMS } from './relayed.js';

/** Stands in each delta once, and in nothing else, whatever protocol a gateway speaks to its clients. */
const MARK = '~';

/** How many deltas the clients have got, and who waits for more of them. */
class Arrivals {
  #count = 0;
  #awaited = Infinity;
  #resolve: () => void = ignore;

  add(count: number): void {
    this.#count += count;
    if (this.#count >= this.#awaited) this.#resolve();
  }

  /** Settles once so many have come in all. */
  async reach(count: number): Promise<void> {
    if (this.#count >= count) return;
    this.#awaited = count;
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
  let deltas = 0;
  const send = async (...given: readonly StreamEvent[]): Promise<void> => {
    const text = given.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
    for (const response of open) response.write(text);
    deltas += marksIn(text);
    await arrivals.reach(deltas * RELAYED_STREAMS);
  };
  // What retries hold until there is output goes with the first of it.
  await send(
    events.messageStart({ id: 'msg_1', model: 'claude' }),
    events.textStart(0),
    events.textDelta(0, `A${MARK}`),
  );
  for (let count = 0; count < RELAYED_DELTAS; count++) {
    if (count === RELAYED_DELTAS / 2) {
      process.send?.('half');
      await once(process, 'message');
    }
    await send(events.textDelta(0, ` word ${count}${MARK}`));
  }
  await send(
    events.blockStop(0),
    events.messageDelta('end_turn', { output_tokens: RELAYED_DELTAS }),
    events.messageStop(),
  );
  for (const response of open) response.end();
  const counts = new Set(await Promise.all(ends));
  process.send?.(counts.size === 1 && counts.has(deltas) ? 'whole' : [...counts].join());
  server.close();
  return '';
}

/** How many deltas a client got. */
async function taken(url: string, agent: Agent, arrivals: Arrivals): Promise<number> {
  const [incoming] = (await once(get(url, { agent }), 'response')) as [IncomingMessage];
  let count = 0;
  for await (const chunk of incoming) {
    const more = marksIn((chunk as Buffer).toString('latin1'));
    count += more;
    arrivals.add(more);
  }
  return count;
}

function marksIn(text: string): number {
  return text.split(MARK).length - 1;
}

function ignore(): void {
  // Nobody waits.
}
