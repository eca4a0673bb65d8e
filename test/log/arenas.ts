import type { Server } from 'node:http';
import { DurableStreamTestServer } from '@durable-streams/server';
import { memoryLog } from '../../src/log.js';
import { durableStreamsLog } from '../../src/log/durable-streams.js';
import { redisLog } from '../../src/log/redis.js';
import { Timers } from '../server/clients.js';
import type { Arena, World } from './chaos.js';
import { CLIENTS, forgetful, RedisServer, type Connections } from './redis/server.js';

/** Short, so that what was not said is found soon; long enough for a busy machine. */
const LEASE_MS = 900;

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Runs in memory, where no time passes: nothing is lost but what is trimmed. */
export async function memoryArena(): Promise<Arena> {
  return {
    name: 'memoryLog',
    turn: () => Promise.resolve(),
    async world(random) {
      const isTrimmed = random() < 0.5;
      const log = memoryLog({ keep: { entries: isTrimmed ? 4 : Infinity } }, new Timers());
      return {
        logs: [log, log],
        run: 'run',
        faults: { 'asks to stop': () => log.ask('run', { stop: true }) },
        isTrimmed,
        isLost: false,
      };
    },
    close: () => Promise.resolve(),
  };
}

/** Runs in a Redis of its own, which loses all that it has when it is killed. */
export async function redisArena(name = 'node-redis 6'): Promise<Arena> {
  const server = await RedisServer.start();
  const connect = CLIENTS[name] as (port: number) => Promise<Connections>;
  const [one, other] = await Promise.all([connect(server.port), connect(server.port)]);
  const lossy = forgetful(other);
  const logs = [one, lossy].map((connections) => redisLog({ ...connections, leaseMs: LEASE_MS }));
  const command = (...args: string[]): Promise<unknown> => other.command(...args).catch(() => undefined);
  let runs = 0;
  return {
    name: `redisLog with ${name}`,
    turn,
    async world() {
      const run = String(runs++);
      const key = `run:{${run}}`;
      const world: World = {
        logs: logs as unknown as World['logs'],
        run,
        isTrimmed: false,
        isLost: false,
        faults: {
          'drops the connections that subscribe': () => command('CLIENT', 'KILL', 'TYPE', 'pubsub'),
          'drops the others': () => command('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes'),
          'loses a message': () => lossy.loseNext(() => undefined),
          async 'says again what it said'() {
            // Nothing where the connection broke meanwhile.
            const rows = await command('XREVRANGE', key, '+', '-', 'COUNT', '1');
            const [row] = (rows ?? []) as [string, string[]][];
            if (row === undefined) return;
            await command('PUBLISH', key, `${row[0]}\n${row[1][1]}`);
            await command('XADD', key, row[0], 'd', String(row[1][1]));
          },
          async trims() {
            if (runs % 4 > 0) return;
            world.isTrimmed = true;
            await command('XTRIM', key, 'MAXLEN', '2');
          },
          async evicts() {
            if (runs % 10 > 0) return;
            world.isLost = true;
            await command('DEL', key);
          },
          'asks to stop': () => logs[0]?.ask(run, { stop: true }).catch(() => undefined),
        },
      };
      return world;
    },
    disaster: {
      every: 10_000,
      async strike(worlds) {
        for (const world of worlds) world.isLost = true;
        await server.kill();
        await server.start();
      },
    },
    async close() {
      await Promise.all([one.close(), other.close()]);
      await server.close();
    },
  };
}

/** Ends a server with its connections, which `fetch` would keep for some seconds. */
async function stop(server: DurableStreamTestServer): Promise<void> {
  const stopped = server.stop();
  (Reflect.get(server, 'server') as Server | null)?.closeAllConnections();
  await stopped;
}

/** Runs on the reference server, which loses all that it has when it is restarted. */
export async function durableStreamsArena(): Promise<Arena> {
  // What it waits for keeps the process alive.
  const options = { longPollTimeout: 2_000 };
  let server = new DurableStreamTestServer({ ...options, port: 0 });
  await server.start();
  const { url } = server;
  const logs = [0, 1].map(() => durableStreamsLog(`${url}/runs`, { leaseMs: LEASE_MS, timeoutMs: 5_000 }));
  let runs = 0;
  return {
    name: 'durableStreamsLog',
    turn,
    async world() {
      const run = String(runs++);
      const path = `/runs/${run}`;
      const once = (fault: object) => () => server.injectFault(path, { count: 1, ...fault });
      const world: World = {
        logs: logs as unknown as World['logs'],
        run,
        isTrimmed: false,
        isLost: false,
        faults: {
          'refuses once': once({ status: 503 }),
          'refuses an append once': once({ status: 500, method: 'POST' }),
          'drops a reader': once({ dropConnection: true, method: 'GET' }),
          'cuts an answer': once({ truncateBodyBytes: 90, method: 'GET' }),
          'asks to stop': () => logs[0]?.ask(run, { stop: true }).catch(() => undefined),
        },
      };
      return world;
    },
    disaster: {
      every: 25_000,
      async strike(worlds) {
        for (const world of worlds) world.isLost = true;
        await stop(server);
        server = new DurableStreamTestServer({ ...options, port: Number(new URL(url).port) });
        await server.start();
      },
    },
    close: () => stop(server),
  };
}
