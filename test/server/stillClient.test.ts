import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { distinctUntilChanged } from 'rxjs';
import { anthropic } from '../../src/anthropic.js';
import { events, retryBeforeOutput, streamEvents, streamTimeout, untilTerminal } from '../../src/index.js';
import { nodeHandler, respond } from '../../src/server.js';
import { ANSWER, beginStream, closeLoopbacks, loopback, wire } from '../sources/loopback.js';
import { isThorough } from '../thorough.js';
import { dawdler, Timers } from './clients.js';

const HOUR = 3_600_000;
const TOKENS = 200_000;
const MEGABYTE = 1024 * 1024;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

let server: Server | undefined;

afterEach(async () => {
  server?.close();
  server?.closeAllConnections();
  await closeLoopbacks();
});

function heap(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

function turn(): Promise<unknown> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe('a client that reads nothing of an answer of 200,000 tokens', () => {
  it.runIf(isThorough)(
    'costs no memory, no provider times out within an hour of it, and it can still read all',
    async () => {
      const timers = new Timers();
      const delta = wire(events.textDelta(0, ' word'));
      let tokens = 10_000;
      let sent = 0;
      const upstream = await loopback(async (exchange) => {
        beginStream(exchange, ...ANSWER.slice(0, 2));
        const { response } = exchange;
        for (sent = 0; sent < tokens; sent += 100) {
          if (!response.write(delta.repeat(100))) await once(response, 'drain');
        }
        response.end(wire(...ANSWER.slice(4)));
      });
      let isOpen = true;
      server = createServer(
        nodeHandler((request) =>
          respond(
            (gate) => {
              gate.pipe(distinctUntilChanged()).subscribe((state) => (isOpen = state));
              const clocks = { firstToken: 60_000, idle: 20_000, total: 600_000, gate };
              return streamEvents(upstream.url, { codec: anthropic, gate }).pipe(
                streamTimeout(clocks, timers),
                retryBeforeOutput({}, timers),
                untilTerminal(),
              );
            },
            { codec: anthropic, signal: request.signal },
            timers,
          ),
        ),
      ).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

      // What the compiler and the sockets need once.
      await text(await dawdler(url));
      tokens = TOKENS;
      const before = heap();
      const incoming = await dawdler(url);
      // The gate opens again as long as the sockets still take something.
      for (let turns = 0; turns < 50; turns++) {
        await turn();
        if (isOpen) turns = 0;
      }
      const reached = sent;
      expect(reached).toBeLessThan(TOKENS);
      expect(heap() - before).toBeLessThan(2 * MEGABYTE);

      expect(isOpen).toBe(false);
      timers.pass(HOUR);
      // All that stands between the two has to come, and the end.
      tokens = reached + 1000;
      const answer = await text(incoming);
      expect(answer === wire(...ANSWER.slice(0, 2)) + delta.repeat(tokens) + wire(...ANSWER.slice(4))).toBe(
        true,
      );
    },
    60_000,
  );
});
