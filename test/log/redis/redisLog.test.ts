import type { EventEmitter } from 'node:events';
import { NEVER, concat, from } from 'rxjs';
import type { StreamEvent } from '../../../src/events/event.js';
import { idOf } from '../../../src/events/id.js';
import * as events from '../../../src/events/make.js';
import { fromLog, startRun, type Ask, type Entry, type RunLog } from '../../../src/log.js';
import { redisLog, type RedisLogOptions } from '../../../src/log/redis.js';
import { ANSWER } from '../../sources/loopback.js';
import { watch } from '../watch.js';
import { CLIENTS, HAS_REDIS, RedisServer, type Connections } from './server.js';

const [START, ...REST] = ANSWER as [StreamEvent, ...StreamEvent[]];
const [SECOND] = REST as [StreamEvent];

let server: RedisServer;
let runs = 0;

(HAS_REDIS ? describe : describe.skip).each(Object.keys(CLIENTS))('redisLog with %s', (name) => {
  let one: Connections;
  let other: Connections;
  /** Of a run that no other test has. */
  let run: string;

  const logOn = (connections: Connections, options: Partial<RedisLogOptions> = {}): RunLog =>
    redisLog({ ...connections, ...options });
  const stats = async (command: string): Promise<number> => {
    const text = String(await one.command('INFO', 'commandstats'));
    return Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(text)?.[1] ?? 0);
  };

  beforeAll(async () => {
    server ??= await RedisServer.start();
    const connect = CLIENTS[name] as (typeof CLIENTS)[string];
    [one, other] = await Promise.all([connect(server.port), connect(server.port)]);
  });

  beforeEach(() => {
    run = `run-${runs++}`;
  });

  afterAll(async () => {
    await Promise.all([one.close(), other.close()]);
  });

  it('gives a reader on another connection what stands, then what comes, until the run is sealed', async () => {
    const writer = await logOn(one).open(run);
    expect(await writer.append(ANSWER.slice(0, 3))).toBe('1-2');
    const reader = watch(logOn(other).read(run));
    await reader.has(1);
    expect(await writer.append([events.ping()])).toBe('1-3');
    await writer.seal('done');
    await reader.ended();
    expect(reader.values).toEqual<Entry[]>([
      { id: '1-2', first: 0, events: ANSWER.slice(0, 3) },
      { id: '1-3', first: 3, events: [events.ping()] },
      { id: '1-4', first: 4, events: [], outcome: 'done' },
    ]);
    expect(reader.isOver).toBe(true);
  });

  it('adds an entry with two commands', async () => {
    const writer = await logOn(one).open(run);
    const [xadd, publish, all] = [await stats('xadd'), await stats('publish'), await total()];
    for (let nth = 0; nth < 50; nth++) await writer.append([events.ping()]);
    expect(await stats('xadd')).toBe(xadd + 50);
    expect(await stats('publish')).toBe(publish + 50);
    // Three times INFO, the last of which has not been counted yet.
    expect((await total()) - all).toBeLessThanOrEqual(100 + 4);
  });

  async function total(): Promise<number> {
    const text = String(await one.command('INFO', 'commandstats'));
    return Array.from(text.matchAll(/:calls=(\d+)/g)).reduce((sum, [, calls]) => sum + Number(calls), 0);
  }

  it.each(['1-0', '1-1', '1-4', '1-6', '2-0', '2-6', '2-7'] as const)(
    'resumes behind %s, inside an entry, too',
    async (after) => {
      const log = logOn(one);
      const first = await log.open(run);
      await first.append(ANSWER.slice(0, 2));
      await first.append(ANSWER.slice(2));
      const second = await log.open(run);
      await second.append(ANSWER);
      await second.seal('done');
      const all = watch(fromLog(log, run));
      await all.ended();
      const ids = all.values.map(idOf);
      const rest = watch(fromLog(logOn(other), run, { after }));
      await rest.ended();
      const at = after === '2-7' ? 14 : ids.indexOf(after) + 1;
      expect(rest.values).toEqual(all.values.slice(at));
      expect(rest.values.map(idOf)).toEqual(ids.slice(at));
      expect(rest.isOver).toBe(true);
    },
  );

  it('refuses ids of the future, and of an epoch that ended before them', async () => {
    const log = logOn(one);
    const writer = await log.open(run);
    await writer.append(ANSWER);
    for (const after of ['1-7', '2-0', '9-9']) {
      const reader = watch(fromLog(log, run, { after }));
      await reader.ended();
      expect(reader.error).toMatchObject({ code: 'gap', retryable: false });
    }
    await (await log.open(run)).append([START]);
    const reader = watch(fromLog(log, run, { after: '1-7' }));
    await reader.ended();
    expect(reader.error).toMatchObject({ code: 'gap' });
  });

  it('keeps whatever JSON can hold, refuses the rest, and writes in the order in which it was asked to', async () => {
    const odd = [
      JSON.parse('{"type":"ping","__proto__":{"a":1},"b":{"__proto__":[]}}') as StreamEvent,
      events.textDelta(0, '\u2028\u2029\0\r\n"\\[\ud800x\udc00]'),
      events.textDelta(0, 'é'.repeat(1 << 20)),
    ];
    const log = logOn(one);
    const writer = await log.open(run);
    const reader = watch(fromLog(logOn(other), run));
    const added = odd.map((event) => writer.append([event]));
    const refused = writer.append([Object.assign(events.ping(), { most: 1n })]);
    added.push(writer.append(odd));
    const sealed = writer.seal('done');
    const late = writer.append([START]);
    await expect(refused).rejects.toMatchObject({ code: 'source', cause: expect.any(TypeError) });
    await expect(late).rejects.toMatchObject({ code: 'protocol' });
    expect(await Promise.all(added)).toEqual(['1-0', '1-1', '1-2', '1-5']);
    await sealed;
    await reader.ended();
    expect(JSON.stringify(reader.values)).toBe(JSON.stringify([...odd, ...odd]));
    expect(reader.values.map(idOf)).toEqual(['1-0', '1-1', '1-2', '1-3', '1-4', '1-5']);
    expect(Object.hasOwn(reader.values[0] as object, '__proto__')).toBe(true);
  });

  it('reads a long run in pieces, and says of each entry whether another one follows', async () => {
    const log = logOn(one);
    const writer = await log.open(run);
    await Promise.all(Array.from({ length: 1_100 }, () => writer.append([events.ping()])));
    const reader = watch(logOn(other).read(run));
    await reader.has(1_100);
    expect(reader.values.map(({ more }) => more)).toEqual([...Array(1_099).fill(true), undefined]);
    reader.leave();
  });

  it('fences off a writer whose run was opened again, also on another connection', async () => {
    const stale = await logOn(one).open(run);
    await stale.append([START]);
    const [reader, early] = [watch(logOn(one).read(run)), watch(logOn(other).read(run))];
    await Promise.all([reader.has(1), early.has(1)]);
    const writer = await logOn(other).open(run);
    await expect(stale.append(REST)).rejects.toMatchObject({ code: 'protocol', retryable: false });
    await expect(stale.seal('done')).rejects.toMatchObject({ code: 'protocol' });
    expect(await writer.append([START])).toBe('2-0');
    await writer.seal('done');
    for (const { values, ended } of [reader, early].map((all) => ({ ...all, ended: all.ended() }))) {
      await ended;
      expect(values.map(({ id }) => id)).toEqual(['1-0', '2-0', '2-1']);
    }
  });

  it('opens a run for one writer at a time, however many try', async () => {
    const logs = [logOn(one), logOn(other)];
    const writers = await Promise.all(
      Array.from({ length: 10 }, (_, nth) => (logs[nth % 2] as RunLog).open(run)),
    );
    const epochs = writers.map(({ epoch }) => epoch).sort((a, b) => a - b);
    expect(epochs).toEqual(Array.from({ length: 10 }, (_, nth) => nth + 1));
    for (const writer of writers) {
      const added = writer.append([START]);
      if (writer.epoch === 10) expect(await added).toBe('10-0');
      else await expect(added).rejects.toMatchObject({ code: 'protocol' });
    }
  });

  it('takes nothing for a run that has ended', async () => {
    const log = logOn(one);
    const writer = await log.open(run);
    await writer.seal('stopped');
    await expect(writer.append([START])).rejects.toThrow('The run has ended (stopped)');
    await expect(logOn(other).open(run)).rejects.toThrow('The run has ended (stopped)');
    await expect(writer.append([])).rejects.toThrow('at least one event');
  });

  it('knows no run that nobody has opened, even one that something is asked of', async () => {
    const log = logOn(one);
    await log.ask(run, { stop: true });
    const reader = watch(log.read(run));
    await reader.ended();
    expect(reader.error).toMatchObject({ code: 'gone', retryable: false });
  });

  it('gives each writer all that is asked of the run, before it and while it writes, from anywhere', async () => {
    const [log, far] = [logOn(one), logOn(other)];
    await far.ask(run, { approve: 'a', approved: false });
    await far.ask(run, { approve: 'a', approved: true });
    const asked = watch((await log.open(run)).asks);
    await asked.has(1);
    await far.ask(run, { stop: true });
    await asked.has(2);
    const expected: Ask[] = [{ approve: 'a', approved: true }, { stop: true }];
    expect(asked.values).toEqual(expected);
    const next = watch((await far.open(run)).asks);
    await next.has(2);
    expect(next.values).toEqual(expect.arrayContaining(expected));
    asked.leave();
    next.leave();
  });

  it('takes a lease that never ends, and a time that is no whole number of ms', async () => {
    const log = logOn(one, { leaseMs: Infinity, keep: { ms: 1e6 / 3 } });
    const writer = await log.open(run);
    await writer.append([START]);
    await log.ask(run, { stop: true });
    const reader = watch(log.read(run));
    const asked = watch(writer.asks);
    await Promise.all([reader.has(1), asked.has(1)]);
    await writer.seal('done');
    await reader.ended();
    expect(reader.isOver).toBe(true);
    asked.leave();
  });

  it('says of a run that everything was taken out of that it is gone, whoever opens it', async () => {
    const log = logOn(one);
    const writer = await log.open(run);
    await writer.append([START]);
    await one.command('XTRIM', `run:{${run}}`, 'MAXLEN', '0');
    await expect(log.open(run)).rejects.toMatchObject({ code: 'gone' });
    const reader = watch(startRun(log, run, from(ANSWER)));
    await reader.ended();
    expect(reader.error).toMatchObject({ code: 'gone' });
    // Whoever holds it goes on, and nobody takes that for the whole.
    await writer.append([SECOND]);
    const late = watch(fromLog(log, run));
    await late.ended();
    expect(late.error).toMatchObject({ code: 'gap' });
  });

  it.each(['', '}', 'a}b{c', '../x y', 'ü\u0000\n', 'long '.repeat(2_000)])(
    'keeps a run of any name to itself (%#)',
    async (name) => {
      const log = logOn(one, { prefix: `${run}:` });
      const writer = await log.open(name);
      const reader = watch(fromLog(logOn(other, { prefix: `${run}:` }), name));
      await writer.append(ANSWER.slice(0, 3));
      await reader.has(3);
      await log.ask(name, { stop: true });
      const asked = watch(writer.asks);
      await asked.has(1);
      await writer.append(ANSWER.slice(3));
      await writer.seal('done');
      await reader.ended();
      expect(reader).toMatchObject({ values: ANSWER, isOver: true });
      asked.leave();
    },
  );

  it('refuses to be asked for ever, but not to stop', async () => {
    const log = logOn(one);
    await Promise.all(
      Array.from({ length: 1_000 }, (_, call) => log.ask(run, { approve: `${call}`, approved: true })),
    );
    await expect(log.ask(run, { approve: 'more', approved: true })).rejects.toMatchObject({ code: 'limit' });
    await log.ask(run, { stop: true });
  });

  it('forgets more entries than it may keep, and says so, also of the end of an earlier epoch', async () => {
    const log = logOn(one, { keep: { entries: 2 } });
    const writer = await log.open(run);
    for (const event of ANSWER) await writer.append([event]);
    const failing = async (...afters: readonly (string | undefined)[]): Promise<void> => {
      for (const after of afters) {
        const reader = watch(fromLog(log, run, { after }));
        await reader.ended();
        expect(reader.error).toMatchObject({ code: 'gap', retryable: false });
      }
    };
    await failing(undefined, '1-0', '1-3');
    const rest = watch(fromLog(log, run, { after: '1-4' }));
    await rest.has(2);
    expect(rest.values).toEqual(ANSWER.slice(5));
    rest.leave();
    const next = await log.open(run);
    for (const event of ANSWER.slice(0, 2)) await next.append([event]);
    // What follows 1-5 in its own epoch is missing, though the new one stands whole.
    await failing(undefined, '1-5');
    const whole = watch(fromLog(log, run, { after: '1-6' }));
    await whole.has(2);
    whole.leave();
  });

  it('holds a run to its limits, over all its writers, and can still end it', async () => {
    const limited = async (limits: object, message: RegExp): Promise<void> => {
      run = `run-${runs++}`;
      const log = logOn(one, { limits });
      for (const event of ANSWER.slice(0, 2)) await (await log.open(run)).append([event]);
      const writer = await log.open(run);
      await expect(writer.append(ANSWER)).rejects.toThrow(message);
      await writer.seal('failed');
    };
    await limited({ entries: 2 }, /more than 2 entries \(limit: entries\)/);
    await limited({ bytes: 900 }, /more than 900 characters \(limit: bytes\)/);
  });

  it('reads fifty viewers from one subscription, and leaves nothing behind', async () => {
    const log = logOn(one);
    const counts = (): number[] =>
      ['message', 'close', 'end', 'ready', 'reconnecting'].map((event) =>
        (one.subscriber as unknown as EventEmitter).listenerCount(event),
      );
    const before = counts();
    const writer = await log.open(run);
    const asks = watch(writer.asks);
    const viewers = Array.from({ length: 50 }, () => watch(fromLog(log, run)));
    await writer.append([START]);
    await Promise.all(viewers.map((viewer) => viewer.has(1)));
    const channel = `run:{${run}}`;
    expect(await one.command('PUBSUB', 'NUMSUB', channel, `${channel}:asks`)).toEqual([
      channel,
      1,
      `${channel}:asks`,
      1,
    ]);
    for (const viewer of viewers) viewer.leave();
    asks.leave();
    let left: unknown;
    do left = await one.command('PUBSUB', 'CHANNELS', `${channel}*`);
    while ((left as readonly string[]).length > 0);
    expect(counts()).toEqual(before);
    const keys = (await one.command('KEYS', `*${run}*`)) as readonly string[];
    expect(keys.length).toBeGreaterThan(0);
    for (const key of keys) expect(Number(await one.command('PTTL', key))).toBeGreaterThan(0);
  });

  it('keeps a run going whoever leaves, and ends it from elsewhere', async () => {
    const [log, far] = [logOn(one), logOn(other)];
    const endless = concat(from([START, ...REST.slice(0, 3)]), NEVER);
    const first = watch(startRun(log, run, endless));
    await first.has(4);
    const joined = watch(startRun(far, run, NEVER));
    await joined.has(4);
    first.leave();
    await far.ask(run, { stop: true });
    await joined.ended();
    expect(joined.isOver).toBe(true);
    expect(joined.values.map(({ type }) => type)).toEqual([
      ...ANSWER.slice(0, 4).map(({ type }) => type),
      'block_abort',
      'message_delta',
      'message_stop',
    ]);
  });

  it('reports a writer that is silent for longer than its lease, to who reads and to who comes', async () => {
    const log = logOn(one, { leaseMs: 90 });
    const writer = await log.open(run);
    const asks = watch(writer.asks);
    await writer.append([START]);
    const reader = watch(fromLog(logOn(other), run));
    // It listens for several leases, and nobody takes it for dead.
    for (
      let passed = 0, before = await stats('publish');
      passed < 12;
      passed = (await stats('publish')) - before
    )
      expect(reader.error).toBeUndefined();
    asks.leave();
    await reader.ended();
    expect(reader.error).toMatchObject({ code: 'abandoned', retryable: true });
    const late = watch(fromLog(log, run));
    await late.ended();
    expect(late.values).toEqual([START]);
    expect(late.error).toMatchObject({ code: 'abandoned' });
  });

  it('ends for nobody who stands where a run ends that took the place of a lost one', async () => {
    const log = logOn(one);
    const lost = await log.open(run, { leaseMs: 60 });
    const reader = watch(fromLog(log, run));
    await lost.append([START]);
    await lost.append(REST.slice(0, 1));
    await reader.has(2);
    const writer = await log.open(`${run}-other`);
    await writer.append([START]);
    await writer.seal('done');
    // Nobody says so: the reader looks once the writer has been silent.
    await one.command('RENAME', `run:{${run}-other}`, `run:{${run}}`);
    await reader.ended();
    expect(reader.error).toMatchObject({ code: 'gap' });
  });

  it('forgets a run that is old, and entries of one that goes on', async () => {
    const log = logOn(one, { leaseMs: 60, keep: { ms: 100 } });
    const writer = await log.open(run);
    const asks = watch(writer.asks);
    await writer.append([START]);
    const stands = async (): Promise<boolean> =>
      JSON.stringify(await one.command('XRANGE', `run:{${run}}`, '1-0', '1-0')) !== '[]';
    while (await stands()) await writer.append([events.ping()]);
    const reader = watch(fromLog(log, run));
    await reader.ended();
    expect(reader.error).toMatchObject({ code: 'gap' });
    asks.leave();
    while (Number(await one.command('EXISTS', `run:{${run}}`)) === 1);
    const late = watch(fromLog(log, run));
    await late.ended();
    expect(late.error).toMatchObject({ code: 'gone' });
  });
});

afterAll(() => server?.close());
