import { connect, type NatsConnection } from '@nats-io/transport-node';
import { Pool } from 'pg';
import * as events from '../../src/events/make.js';
import { fromLog, type RunLog } from '../../src/log.js';
import { lawsOf } from '../log/laws.js';
import { watch } from '../log/watch.js';
import { natsLog } from './logs/natsLog.js';
import { postgresLog, TABLES } from './logs/postgresLog.js';
import { HAS_NATS, HAS_POSTGRES, startNats, startPostgres, type Started } from './logs/servers.js';

/** What an own log does, besides the laws. */
function behavesAsALog(name: string, open: (leaseMs?: number) => Promise<RunLog>): void {
  let made = 0;
  const started = Date.now();
  const newRun = (): string => `${started} ${name} * ${made++}`;

  lawsOf({
    name,
    runs: 30,
    // Each has a run of its own, as far as it sees.
    async open() {
      const log = await open();
      const own = newRun();
      return {
        open: (_, options) => log.open(own, options),
        read: (_, after) => log.read(own, after),
        ask: (_, ask) => log.ask(own, ask),
      };
    },
    async settle(has) {
      const late = Date.now() + 10_000;
      while (!has() && Date.now() < late) await new Promise((resolve) => setImmediate(resolve));
    },
  });

  it(`${name}: a writer that falls silent leaves its run abandoned, and another takes it over`, async () => {
    const log = await open(150);
    const run = newRun();
    const first = await log.open(run);
    const alive = first.asks.subscribe();
    await first.append([
      events.messageStart({ id: 'msg_1' }),
      events.textStart(0),
      events.textDelta(0, 'Hel'),
    ]);
    const reader = watch(fromLog(log, run));
    await reader.has(3);
    alive.unsubscribe();
    await reader.ended();
    expect(reader.error).toMatchObject({ code: 'abandoned', retryable: true });
    const second = await log.open(run);
    await second.append([events.reset(2, 'Another producer took over')]);
    await expect(first.append([events.textDelta(0, 'lo')])).rejects.toMatchObject({ code: 'protocol' });
    await second.seal('failed', events.error('overloaded_error', 'Later'));
    const after = watch(log.read(run, '1-1'));
    await after.ended();
    expect(after.error).toBeUndefined();
    expect(after.values.map(({ id, first, outcome }) => [id, first, outcome])).toEqual([
      ['1-2', 2, undefined],
      ['2-0', 0, undefined],
      ['2-1', 1, 'failed'],
    ]);
    await expect(log.open(run)).rejects.toMatchObject({ code: 'protocol' });
  });

  it(`${name}: a writer that listens is alive, however little it writes`, async () => {
    const log = await open(150);
    const run = newRun();
    const writer = await log.open(run);
    const alive = writer.asks.subscribe();
    await writer.append([events.messageStart({ id: 'msg_1' })]);
    const reader = watch(log.read(run));
    // Longer than three leases, as the log counts them.
    const other = watch((await log.open(newRun()), log.read(`${started} ${name} * ${made - 1}`)));
    await other.ended();
    expect(other.error).toMatchObject({ code: 'abandoned' });
    expect(reader.error).toBeUndefined();
    await writer.seal('done');
    await reader.ended();
    expect(reader.isOver).toBe(true);
    alive.unsubscribe();
  });

  it(`${name}: who asks for what is not there is told so`, async () => {
    const log = await open();
    const run = newRun();
    const none = watch(log.read(run));
    await none.ended();
    expect(none.error).toMatchObject({ code: 'gone' });
    const writer = await log.open(run);
    await writer.append([events.ping()]);
    const ahead = watch(log.read(run, '1-7'));
    await ahead.ended();
    expect(ahead.error).toMatchObject({ code: 'gap' });
    await writer.seal('done');
  });

  it(`${name}: what is said of a call reaches the writer, before and while it listens`, async () => {
    const log = await open();
    const run = newRun();
    await log.ask(run, { approve: 'one', approved: true });
    const writer = await log.open(run);
    const asks = watch(writer.asks);
    await asks.has(1);
    await log.ask(run, { approve: 'two > *', approved: false, reason: 'No' });
    await asks.has(2);
    expect(asks.values).toEqual([
      { approve: 'one', approved: true },
      { approve: 'two > *', approved: false, reason: 'No' },
    ]);
    asks.leave();
  });
}

(HAS_NATS ? describe : describe.skip)('runs in NATS JetStream (without nats-server it is skipped)', () => {
  let server: Started;
  let connection: NatsConnection;

  beforeAll(async () => {
    server = await startNats();
    connection = await connect({ servers: server.at });
  });

  afterAll(async () => {
    await connection?.close();
    await server?.close();
  });

  behavesAsALog('natsLog', (leaseMs) => natsLog(connection, leaseMs));
});

(HAS_POSTGRES ? describe : describe.skip)('runs in Postgres (without postgresql it is skipped)', () => {
  let server: Started;
  let pool: Pool;

  beforeAll(async () => {
    server = await startPostgres();
    // What befalls a connection that nobody uses is nobody's concern.
    pool = new Pool({ host: server.at, user: 'postgres' }).on('error', () => undefined);
    await pool.query(TABLES);
  });

  afterAll(async () => {
    await pool?.end();
    await server?.close();
  });

  behavesAsALog('postgresLog', async (leaseMs) => postgresLog(pool, leaseMs));
});
