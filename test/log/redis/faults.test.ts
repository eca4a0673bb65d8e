import type { StreamEvent } from '../../../src/events/event.js';
import * as events from '../../../src/events/make.js';
import { fromLog } from '../../../src/log.js';
import { redisLog, type RedisLogOptions } from '../../../src/log/redis.js';
import { ANSWER } from '../../sources/loopback.js';
import { isThorough } from '../../thorough.js';
import { watch } from '../watch.js';
import { CLIENTS, forgetful, HAS_REDIS, RedisServer, type Connections } from './server.js';

const [START, SECOND] = ANSWER as [StreamEvent, StreamEvent];
/** In ms: long enough for a server on a busy machine, and soon over where there is none. */
const SOON = isThorough ? 1_000 : 300;
const OF_LOG = 'run:{run}';

(HAS_REDIS ? describe : describe.skip).each(Object.keys(CLIENTS))('a Redis that fails, with %s', (name) => {
  const connect = CLIENTS[name] as (typeof CLIENTS)[string];
  let server: RedisServer;
  let one: Connections;
  let other: Connections;

  beforeEach(async () => {
    server = await RedisServer.start();
    [one, other] = await Promise.all([connect(server.port), connect(server.port)]);
  });

  afterEach(async () => {
    await Promise.all([one.close(), other.close()]);
    await server.close();
  });

  const logOn = (connections: Connections, options: Partial<RedisLogOptions> = {}) =>
    redisLog({ timeoutMs: 5_000, ...connections, ...options });

  /** A run with two events, and a reader on another connection that has them. */
  async function begun(options?: Partial<RedisLogOptions>) {
    const log = logOn(one, options);
    const writer = await log.open('run');
    await writer.append([START]);
    await writer.append([SECOND]);
    const reader = watch(logOn(other).read('run'));
    await reader.has(2);
    return { log, writer, reader, ids: () => reader.values.map(({ id }) => id) };
  }

  /** Adds what the writer of a run that has begun adds next, without its knowledge. */
  async function addNext(): Promise<void> {
    const [[, [, stands = '']]] = (await one.command('XREVRANGE', OF_LOG, '+', '-', 'COUNT', '1')) as [
      [string, string[]],
    ];
    const next = stands.replace(/,\d+,/, ',2,').replace(/\[\{.*\}\]/, JSON.stringify([events.ping()]));
    await one.command('XADD', OF_LOG, '1-2', 'd', next);
  }

  it('and is not there answers whoever asks, in time', async () => {
    await server.kill();
    const log = logOn(one, { timeoutMs: 100 });
    const down = { code: 'network', retryable: true };
    await expect(log.open('run')).rejects.toMatchObject(down);
    await expect(log.ask('run', { stop: true })).rejects.toMatchObject(down);
    const reader = watch(fromLog(log, 'run'));
    await reader.ended();
    expect(reader.error).toMatchObject(down);
  });

  it('and answers late loses nothing', async () => {
    const { writer, reader, ids } = await begun();
    server.pause(true);
    const added = writer.append([events.ping()]);
    server.pause(false);
    expect(await added).toBe('1-2');
    await reader.has(3);
    expect(ids()).toEqual(['1-0', '1-1', '1-2']);
  });

  it('and answers too late has said no, and what it took all the same is in order', async () => {
    const { writer, reader, ids } = await begun({ timeoutMs: SOON, limits: { entries: 4 } });
    server.pause(true);
    await expect(writer.append([events.ping()])).rejects.toMatchObject({ code: 'network' });
    server.pause(false);
    // The late entry stands, so what the writer adds begins behind it.
    expect(await writer.append([events.reset(1, 'Redis was late')])).toBe('2-0');
    // It counts, too.
    await expect(writer.append([events.ping()])).rejects.toMatchObject({ code: 'limit' });
    await writer.seal('done');
    await reader.ended();
    expect(ids()).toEqual(['1-0', '1-1', '1-2', '2-0', '2-1']);
    expect(reader.isOver).toBe(true);
  });

  it('and restarts with what it had goes on', async () => {
    await one.command('CONFIG', 'SET', 'appendonly', 'yes');
    while (
      !/aof_rewrite_in_progress:0[^]*aof_rewrite_scheduled:0/.test(
        String(await one.command('INFO', 'persistence')),
      )
    );
    await one.command('CONFIG', 'SET', 'appendfsync', 'always');
    const { writer, reader, ids } = await begun();
    await server.kill();
    const added = writer.append([events.ping()]);
    await server.start('--appendonly', 'yes');
    expect(await added).toBe('1-2');
    await writer.seal('done');
    await reader.ended();
    expect(reader.error).toBeUndefined();
    expect(ids()).toEqual(['1-0', '1-1', '1-2', '1-3']);
    expect(reader.isOver).toBe(true);
  });

  it('and restarts without its memory has lost the run, and says so to all', async () => {
    const { writer, reader, log } = await begun();
    await server.kill();
    await server.start();
    await expect(writer.append([events.ping()])).rejects.toMatchObject({ code: 'gone' });
    await reader.ended();
    expect(reader.error).toMatchObject({ code: 'gone' });
    // It is not begun in its middle.
    expect(await one.command('EXISTS', OF_LOG)).toBe(0);
    const late = watch(fromLog(log, 'run', { after: '1-1' }));
    await late.ended();
    expect(late.error).toMatchObject({ code: 'gone' });
  });

  it('and forgets a run to save memory says so to its writer at the latest with a sign of life', async () => {
    const { writer, reader } = await begun({ leaseMs: 90 });
    const asks = watch(writer.asks);
    await one.command('DEL', OF_LOG);
    await asks.ended();
    expect(asks.error).toMatchObject({ code: 'gone' });
    await reader.ended();
    expect(reader.error).toMatchObject({ code: 'gone' });
  });

  it('and forgets a run that is begun anew never mixes the two', async () => {
    const { writer, reader, log, ids } = await begun();
    await one.command('DEL', OF_LOG);
    const anew = await log.open('run');
    for (let nth = 0; nth < 5; nth++) await anew.append([events.ping()]);
    await reader.ended();
    expect(reader.error).toMatchObject({ code: 'gap' });
    expect(ids()).toEqual(['1-0', '1-1']);
    await expect(writer.append([events.ping()])).rejects.toMatchObject({ code: 'protocol' });
  });

  it('and has no memory left refuses, and no reader keeps what does not stand', async () => {
    const { writer, reader, ids, log } = await begun();
    await one.command('CONFIG', 'SET', 'maxmemory', '1');
    const refused = { code: 'source', retryable: false, message: 'Redis refused with OOM' };
    await expect(writer.append([events.ping()])).rejects.toMatchObject(refused);
    await expect(log.open('another')).rejects.toMatchObject(refused);
    await expect(log.ask('run', { stop: true })).rejects.toMatchObject(refused);
    await reader.ended();
    // It may have been told of it before it was refused; then it is told that it was not so.
    expect(reader.error).toMatchObject({ code: 'gap' });
    expect(ids().slice(0, 2)).toEqual(['1-0', '1-1']);
    await one.command('CONFIG', 'SET', 'maxmemory', '0');
    await writer.seal('failed');
    const late = watch(log.read('run', '1-1'));
    await late.ended();
    expect(late.values).toMatchObject([{ id: '2-0', first: 0, outcome: 'failed' }]);
  });

  it('and takes no writes until it is a master is asked again', async () => {
    await other.command('REPLICAOF', '127.0.0.1', '1');
    const opening = logOn(one).open('run');
    const refusals = async (): Promise<string> => String(await other.command('INFO', 'errorstats'));
    while (!(await refusals()).includes('errorstat_READONLY'));
    await other.command('REPLICAOF', 'NO', 'ONE');
    expect(await (await opening).append([START])).toBe('1-0');
  });

  it('and drops connections loses nothing and doubles nothing', async () => {
    const { writer, reader, ids } = await begun();
    for (let nth = 0; nth < 20; nth++) {
      const added = writer.append([events.ping()]);
      if (nth % 3 === 0) await other.command('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
      if (nth % 5 === 0) await other.command('CLIENT', 'KILL', 'TYPE', 'pubsub');
      expect(await added).toBe(`1-${nth + 2}`);
    }
    await writer.seal('done');
    await reader.ended();
    expect(ids()).toEqual(Array.from({ length: 23 }, (_, seq) => `1-${seq}`));
  });

  it('and drops a connection that waits for an ask brings it all the same', async () => {
    const { writer } = await begun();
    const asks = watch(writer.asks);
    await other.command('CLIENT', 'KILL', 'TYPE', 'pubsub');
    await logOn(other).ask('run', { stop: true });
    await asks.has(1);
    expect(asks.values).toEqual([{ stop: true }]);
    asks.leave();
  });

  it('and loses a message shows its entry with the next, or with the next sign of life', async () => {
    const lossy = forgetful(other);
    const writer = await logOn(one, { leaseMs: 150 }).open('run');
    await writer.append([START]);
    const reader = watch(logOn(lossy).read('run'));
    await reader.has(1);
    const silently = async (): Promise<void> => {
      const lost = new Promise<void>((resolve) => lossy.loseNext(resolve));
      await writer.append([events.ping()]);
      await lost;
    };
    await silently();
    await writer.append([events.ping()]);
    await reader.has(3);
    await silently();
    expect(reader.values).toHaveLength(3);
    const asks = watch(writer.asks);
    await reader.has(4);
    expect(reader.values.map(({ id }) => id)).toEqual(['1-0', '1-1', '1-2', '1-3']);
    asks.leave();
    reader.leave();
  });

  it('and added an entry without saying so takes it for what it is when it is added again', async () => {
    const { writer, reader, ids } = await begun();
    await addNext();
    expect(await writer.append([events.ping()])).toBe('1-2');
    await writer.seal('done');
    await reader.ended();
    expect(ids()).toEqual(['1-0', '1-1', '1-2', '1-3']);
  });

  it('and added an entry, and cannot be asked whether it has, adds no other one as if it were this one', async () => {
    const { writer, reader, ids } = await begun();
    await addNext();
    await other.command('ACL', 'SETUSER', 'default', '-xrevrange');
    const refused = { code: 'source', message: 'Redis refused with NOPERM' };
    await expect(writer.append([events.ping()])).rejects.toMatchObject(refused);
    await other.command('ACL', 'SETUSER', 'default', '+xrevrange');
    await writer.seal('done');
    await reader.ended();
    expect(ids()).toEqual(['1-0', '1-1', '1-2', '2-0']);
    expect(reader.isOver).toBe(true);
  });

  it('and holds something else under the name of a run is not read as one', async () => {
    await one.command('SET', OF_LOG, 'a string');
    const log = logOn(one);
    await expect(log.open('run')).rejects.toMatchObject({ message: 'Redis refused with WRONGTYPE' });
    const reader = watch(fromLog(log, 'run'));
    await reader.ended();
    expect(reader.error).toMatchObject({ code: 'source' });
    await one.command('DEL', OF_LOG);
    await one.command('XADD', OF_LOG, '1-0', 'word', 'no entry');
    const other = watch(fromLog(log, 'run'));
    await other.ended();
    expect(other.error).toMatchObject({ code: 'malformed' });
  });
});

(HAS_REDIS ? describe : describe.skip)('a connection that is closed', () => {
  it('is the failure of those who read on it', async () => {
    const server = await RedisServer.start();
    const connections = await (CLIENTS['node-redis 6'] as (typeof CLIENTS)[string])(server.port);
    const log = redisLog({ ...connections });
    const writer = await log.open('run');
    await writer.append([START]);
    const reader = watch(fromLog(log, 'run'));
    await reader.has(1);
    await connections.close();
    await reader.ended();
    expect(reader.error).toMatchObject({ code: 'network', retryable: true });
    await server.close();
  });
});
