import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { anthropic } from '../src/anthropic.js';
import {
  accumulateMetrics,
  branch,
  retryBeforeOutput,
  streamEvents,
  streamTimeout,
  untilTerminal,
} from '../src/index.js';
import { nodeHandler, respond } from '../src/server.js';
import type { Job } from './job.js';
import { aiGateway } from './peers.js';

/** What stands between a provider and its clients: bytes as they come, a gateway that reads them, or that of the AI SDK. */
export const GATEWAYS = ['bytes', 'respond', 'ai'] as const;

/** One of {@link GATEWAYS}. */
export type GatewayName = (typeof GATEWAYS)[number];

/** What relaying costs a process. */
export interface Relayed {
  /** CPU time of all threads for all answers, their beginnings and the compiler's time in it, in ms. */
  readonly cpu: number;
  /** CPU time of all threads for one event of the second half, in µs. */
  readonly event: number;
  /** Heap that each stream holds in the middle of its answer, in bytes. */
  readonly heap: number;
}

/** So many answers are relayed at the same time. */
export const RELAYED_STREAMS = 500;

/** So many text deltas are each of them, every one a chunk of its own. */
export const RELAYED_DELTAS = 100;

type Relay = (upstream: string, peersFolder: string) => RequestListener | Promise<RequestListener>;

const RELAYS: Readonly<Record<GatewayName, Relay>> = {
  bytes: (upstream) => (_, response) => {
    const pass = async (): Promise<void> => {
      const { body } = await fetch(upstream);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for await (const chunk of body ?? []) if (!response.write(chunk)) await once(response, 'drain');
      response.end();
    };
    pass().catch(() => response.destroy());
  },
  respond: gatewayOf,
  ai: (upstream, peersFolder) => aiGateway(peersFolder, upstream),
};

function gatewayOf(upstream: string): RequestListener {
  return nodeHandler(({ signal }) =>
    respond(
      (gate) =>
        streamEvents(upstream, { codec: anthropic, gate }).pipe(
          streamTimeout({ firstToken: 60_000, idle: 20_000, gate }),
          retryBeforeOutput(),
          untilTerminal(),
          branch(accumulateMetrics(), {}),
        ),
      // A busy machine takes longer than the time between two heartbeats.
      { codec: anthropic, signal, heartbeatMs: 0 },
    ),
  );
}

/**
 * Relays {@link RELAYED_STREAMS} answers at once, from a process that is the provider to a process that is all clients, over
 * sockets. Each event is written when every client has the one before it.
 *
 * @param gateway - what relays
 * @param peersFolder - where the AI SDK is installed
 * @returns what it costs this process
 */
export async function relayedCost(gateway: GatewayName, peersFolder: string): Promise<Relayed> {
  const job: Job = { kind: 'relayed-load' };
  const load = fork(process.argv[1] ?? '', [JSON.stringify(job)], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const upstream = await said(load);
  const server = createServer(await RELAYS[gateway](upstream, peersFolder)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  gc?.();
  const { heapUsed } = process.memoryUsage();
  const before = process.cpuUsage();
  load.send(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  await said(load);
  const { user, system } = process.cpuUsage(before);
  gc?.();
  const held = process.memoryUsage().heapUsed - heapUsed;
  const resumed = process.cpuUsage();
  load.send('');
  const end = await said(load);
  const rest = process.cpuUsage(resumed);
  if (end !== 'whole') throw new Error(`The clients of ${gateway} got ${end}`);
  server.close();
  server.closeAllConnections();
  load.disconnect();
  const second = rest.user + rest.system;
  return {
    cpu: (user + system + second) / 1000,
    event: second / (RELAYED_STREAMS * (RELAYED_DELTAS / 2)),
    heap: held / RELAYED_STREAMS,
  };
}

/** What a process says next. */
export async function said(process: ChildProcess | NodeJS.Process): Promise<string> {
  const [word] = (await once(process, 'message')) as [string];
  return word;
}
