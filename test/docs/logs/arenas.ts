import { connect } from '@nats-io/transport-node';
import { Pool } from 'pg';
import type { RunLog } from '../../../src/log.js';
import type { Arena } from '../../log/chaos.js';
import { natsLog } from './natsLog.js';
import { postgresLog, TABLES } from './postgresLog.js';
import { startNats, startPostgres, type Started } from './servers.js';

/** Short, so that a dead writer is found soon; long enough for a busy machine. */
const LEASE_MS = 900;

/** Runs in a NATS JetStream of its own. What befalls its connections is the client's part, and not played. */
export async function natsArena(): Promise<Arena> {
  const server = await startNats();
  const connections = await Promise.all([0, 1].map(() => connect({ servers: server.at })));
  const [one, other] = await Promise.all(connections.map((connection) => natsLog(connection, LEASE_MS)));
  return arenaOf('natsLog', server, [one, other] as [RunLog, RunLog], () =>
    Promise.all(connections.map((connection) => connection.close())),
  );
}

/** Runs in a Postgres of its own, in the same way. */
export async function postgresArena(): Promise<Arena> {
  const server = await startPostgres();
  const pools = [0, 1].map(() =>
    new Pool({ host: server.at, user: 'postgres', max: 40 }).on('error', () => undefined),
  );
  await pools[0]?.query(TABLES);
  const [one, other] = pools.map((pool) => postgresLog(pool, LEASE_MS));
  return arenaOf('postgresLog', server, [one, other] as [RunLog, RunLog], () =>
    Promise.all(pools.map((pool) => pool.end())),
  );
}

function arenaOf(
  name: string,
  server: Started,
  logs: readonly [RunLog, RunLog],
  leave: () => Promise<unknown>,
): Arena {
  let runs = 0;
  return {
    name,
    turn: () => new Promise((resolve) => setImmediate(resolve)),
    async world() {
      const run = String(runs++);
      return {
        logs,
        run,
        faults: { 'asks to stop': () => logs[0].ask(run, { stop: true }) },
        isTrimmed: false,
        isLost: false,
      };
    },
    async close() {
      await leave();
      await server.close();
    },
  };
}
