import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { DurableStreamTestServer } from '@durable-streams/server';
import { concat, firstValueFrom, from, NEVER, type SchedulerLike } from 'rxjs';
import type { StreamEvent } from '../../../src/events/event.js';
import { idOf } from '../../../src/events/id.js';
import * as events from '../../../src/events/make.js';
import { fromLog, startRun, type Ask, type Entry, type RunLog } from '../../../src/log.js';
import { durableStreamsLog, type DurableStreamsLogOptions } from '../../../src/log/durable-streams.js';
import { Timers } from '../../server/clients.js';
import { ANSWER } from '../../sources/loopback.js';
import { isThorough } from '../../thorough.js';
import { watch } from '../watch.js';

/** In ms: long enough for a server on a busy machine, and soon over where there is none. */
const SOON = isThorough ? 1_000 : 300;

const [START, SECOND, ...REST] = ANSWER as [StreamEvent, StreamEvent, ...StreamEvent[]];

describe('durableStreamsLog', () => {
  let server: DurableStreamTestServer;
  /** Of a run that no other test has. */
  let run: string;
  let runs = 0;

  beforeAll(async () => {
    server = new DurableStreamTestServer({ port: 0 });
    await server.start();
  });

  beforeEach(() => {
    run = `run-${runs++}`;
  });

  afterEach(() => server.clearInjectedFaults());
  afterAll(() => server.stop());

  const logOf = (options?: DurableStreamsLogOptions, scheduler?: SchedulerLike): RunLog =>
    durableStreamsLog(`${server.url}/runs/`, options, scheduler);
  const path = (): string => `/runs/${run}`;

  /** A run with two events, and a reader that has them. */
  async function begun(options?: DurableStreamsLogOptions) {
    const log = logOf(options);
    const writer = await log.open(run);
    await writer.append([START]);
    await writer.append([SECOND]);
    const reader = watch(logOf().read(run));
    await reader.has(2);
    return { log, writer, reader, ids: () => reader.values.map(({ id }) => id) };
  }

  it('gives what stands, then what comes, until the run is sealed', async () => {
    const writer = await logOf().open(run);
    expect(await writer.append(ANSWER.slice(0, 3))).toBe('1-2');
    const reader = watch(logOf().read(run));
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

  it.each(['1-0', '1-1', '1-4', '1-6', '2-0', '2-6', '2-7'] as const)(
    'resumes behind %s, inside an entry, too',
    async (after) => {
      const log = logOf();
      const first = await log.open(run);
      await first.append(ANSWER.slice(0, 2));
      await first.append(ANSWER.slice(2));
      const second = await log.open(run);
      await second.append(ANSWER);
      await second.seal('done');
      const all = watch(fromLog(log, run));
      await all.ended();
      const ids = all.values.map(idOf);
      const rest = watch(fromLog(log, run, { after }));
      await rest.ended();
      const at = after === '2-7' ? 14 : ids.indexOf(after) + 1;
      expect(rest.values).toEqual(all.values.slice(at));
      expect(rest.isOver).toBe(true);
    },
  );

  it('refuses ids of the future, and of an epoch that ended before them', async () => {
    const log = logOf();
    await (await log.open(run)).append(ANSWER);
    const gaps = async (...afters: readonly string[]): Promise<void> => {
      for (const after of afters) {
        const reader = watch(fromLog(log, run, { after }));
        await reader.ended();
        expect(reader.error).toMatchObject({ code: 'gap', retryable: false });
      }
    };
    await gaps('1-7', '2-0', '9-9');
    await (await log.open(run)).append([START]);
    await gaps('1-7');
  });

  it('fences off a writer whose run was opened again, and lets one of many open it', async () => {
    const stale = await logOf().open(run);
    await stale.append([START]);
    const writers = await Promise.all(Array.from({ length: 5 }, () => logOf().open(run)));
    const epochs = writers.map(({ epoch }) => epoch).sort((a, b) => a - b);
    expect(new Set(epochs).size).toBe(5);
    for (const writer of [stale, ...writers]) {
      const added = writer.append([START]);
      if (writer.epoch === epochs[4]) expect(await added).toBe(`${writer.epoch}-0`);
      else await expect(added).rejects.toMatchObject({ code: 'protocol', retryable: false });
    }
    await expect(stale.seal('done')).rejects.toThrow(/The writer of epoch 1 is fenced off/);
  });

  it('takes nothing for a run that has ended, however it is asked', async () => {
    const log = logOf();
    const [stale, writer] = [await log.open(run), await log.open(run)];
    await writer.seal('stopped');
    for (const late of [stale, writer]) {
      await expect(late.append([START])).rejects.toMatchObject({ code: 'protocol' });
      await expect(late.seal('done')).rejects.toMatchObject({ code: 'protocol' });
    }
    await expect(log.open(run)).rejects.toThrow('The run has ended (stopped)');
  });

  it('knows no run that nobody has opened, even one that something is asked of', async () => {
    await logOf().ask(run, { stop: true });
    const reader = watch(logOf().read(run));
    await reader.ended();
    expect(reader.error).toMatchObject({ code: 'gone', retryable: false });
  });

  it('gives each writer all that is asked of the run, the last word of each', async () => {
    const log = logOf();
    await log.ask(run, { approve: 'a', approved: false });
    await log.ask(run, { approve: 'a', approved: true });
    const asked = watch((await log.open(run)).asks);
    await asked.has(1);
    await logOf().ask(run, { stop: true });
    await asked.has(2);
    const expected: Ask[] = [{ approve: 'a', approved: true }, { stop: true }];
    expect(asked.values).toEqual(expected);
    asked.leave();
  });

  it('holds a run to its limits, over all its writers, and can still end it', async () => {
    const log = logOf({ limits: { entries: 2 } });
    for (const event of [START, SECOND]) await (await log.open(run)).append([event]);
    const writer = await log.open(run);
    await expect(writer.append(REST)).rejects.toMatchObject({ code: 'limit' });
    await writer.seal('failed');
  });

  it('keeps a run going whoever leaves, and ends it from elsewhere', async () => {
    const first = watch(startRun(logOf(), run, concat(from(ANSWER.slice(0, 4)), NEVER)));
    await first.has(4);
    const joined = watch(startRun(logOf(), run, NEVER));
    await joined.has(4);
    first.leave();
    await logOf().ask(run, { stop: true });
    await joined.ended();
    expect(joined.isOver).toBe(true);
    expect(joined.values.at(-1)?.type).toBe('message_stop');
  });

  it('reports a writer that is silent for longer than its lease, and no other', async () => {
    const { writer, reader, log } = await begun({ leaseMs: 120 });
    const asks = watch(writer.asks);
    const alive = async (): Promise<number> =>
      (await (await fetch(`${server.url}${path()}`)).text()).split('"alive"').length - 1;
    while ((await alive()) < 5) expect(reader.error).toBeUndefined();
    asks.leave();
    await reader.ended();
    expect(reader.error).toMatchObject({ code: 'abandoned', retryable: true });
    const late = watch(fromLog(log, run));
    await late.ended();
    expect(late.values).toEqual([START, SECOND]);
    expect(late.error).toMatchObject({ code: 'abandoned' });
  });

  it('sends what the server asks for, with every request', async () => {
    const seen = new Set<string | null>();
    let calls = 0;
    const log = logOf({
      headers: () => ({ authorization: `Bearer ${++calls % 2}` }),
      fetch: (url, init) => {
        seen.add(new Headers(init?.headers).get('authorization'));
        return fetch(url, init);
      },
    });
    const writer = await log.open(run);
    await writer.seal('done');
    const reader = watch(log.read(run));
    await reader.ended();
    expect(reader.isOver).toBe(true);
    expect(seen).toEqual(new Set(['Bearer 0', 'Bearer 1']));
  });

  it.each(['a/b', '../up', '%2e%2e', 'ü {run}?a=b#c', '...', ' '.repeat(3), 'long '.repeat(500)])(
    'keeps a run of any name to itself (%#)',
    async (name) => {
      const log = durableStreamsLog(`${server.url}/runs/${run}`);
      const writer = await log.open(name);
      await log.ask(name, { stop: true });
      expect(await firstValueFrom(writer.asks)).toEqual({ stop: true });
      await writer.append(ANSWER);
      await writer.seal('done');
      const reader = watch(fromLog(log, name));
      await reader.ended();
      expect(reader).toMatchObject({ values: ANSWER, isOver: true });
      const outside = watch(durableStreamsLog(`${server.url}/runs`).read('up'));
      await outside.ended();
      expect(outside.error).toMatchObject({ code: 'gone' });
    },
  );

  it.each(['', '.', '..', '\ud800'])(
    'asks no server for %j, which names nothing below its URL',
    async (name) => {
      const log = logOf({ fetch: () => expect.unreachable() });
      const failure = {
        code: 'gone',
        message: `No run of this log can be called ${JSON.stringify(name)}: take a UUID`,
      };
      await expect(log.open(name)).rejects.toMatchObject(failure);
      const reader = watch(log.read(name));
      await reader.ended();
      expect(reader.error).toMatchObject(failure);
    },
  );

  it('says at once where it cannot ask any server', async () => {
    expect(() => durableStreamsLog('runs')).toThrow(/^"runs" is no URL: give the whole one/);
    const cause = new Error('no token');
    const given: DurableStreamsLogOptions['headers'][] = [
      { authorization: 'Bearer sk-secret\n' + 'x' },
      () => {
        throw cause;
      },
    ];
    const fails = given.map(async (headers) => {
      const log = logOf({ headers, fetch: () => expect.unreachable() }, new Timers());
      const reader = watch(log.read(run));
      const failures = [await log.open(run).catch((error: unknown) => error)];
      await reader.ended();
      return [...failures, reader.error];
    });
    const [invalid = [], thrown = []] = await Promise.all(fails);
    for (const error of invalid) {
      expect(error).toMatchObject({ code: 'source', retryable: false });
      expect(inspect(error)).not.toContain('sk-secret');
    }
    for (const error of thrown) expect(error).toMatchObject({ code: 'source', cause });
  });

  it('sends the query of its URL with every request', async () => {
    const asked: string[] = [];
    const log = durableStreamsLog(`${server.url}/runs/?tenant=a`, {
      fetch: (url, init) => {
        asked.push(String(url));
        return fetch(url, init);
      },
    });
    await (await log.open(run)).seal('done');
    const reader = watch(log.read(run));
    await reader.ended();
    expect(reader.isOver).toBe(true);
    for (const url of asked) expect(url.split('&')[0]).toBe(`${server.url}/runs/${run}?tenant=a`);
  });

  it('asks for what the page on runs says, and for nothing else', async () => {
    const asked: string[] = [];
    const log = logOf({
      fetch: (url, init) => {
        const { pathname } = new URL(url instanceof Request ? url.url : url);
        asked.push(`${init?.method} ${pathname.slice(`/runs/${run}`.length)}`);
        return fetch(url, init);
      },
    });
    const during = async (deed: () => unknown): Promise<readonly string[]> => {
      await deed();
      return asked.splice(0);
    };
    const reading = (): Promise<void> => watch(log.read(run)).ended();
    expect(await during(reading)).toEqual(['GET ']);
    const writer = await log.open(run);
    expect(asked.splice(0)).toEqual(['PUT ', 'GET ', 'POST ', 'GET ']);
    expect(await during(() => log.ask(run, { stop: true }))).toEqual(['PUT .asks', 'POST .asks']);
    expect(await during(() => firstValueFrom(writer.asks))).toEqual(['PUT .asks', 'GET .asks']);
    expect(await during(() => writer.append([START]))).toEqual(['POST ']);
    expect(await during(() => writer.seal('done'))).toEqual(['POST ']);
    expect(new Set(await during(reading))).toEqual(new Set(['GET ']));
  });

  it('waits for a writer for ever where its lease never ends', async () => {
    const time = new Timers();
    const log = logOf({ leaseMs: Infinity }, time);
    await (await log.open(run)).append([START]);
    const reader = watch(log.read(run));
    await reader.has(1);
    const delays = time.actions.filter(({ closed }) => !closed).map(({ delay }) => delay);
    expect(delays).toEqual([(2 ** 31 - 1) / 3]);
    reader.leave();
  });

  describe('on a server that fails', () => {
    it('tries again, and adds nothing twice', async () => {
      const { writer, reader, ids } = await begun();
      server.injectFault(path(), { status: 503, count: 2, method: 'POST' });
      expect(await writer.append([events.ping()])).toBe('1-2');
      // The answer to an append is lost, and the append is not.
      let isLost = true;
      const other = durableStreamsLog(`${server.url}/runs`, {
        fetch: async (url, init) => {
          const response = await fetch(url, init);
          if (init?.method !== 'POST' || !isLost) return response;
          isLost = false;
          throw new TypeError('fetch failed');
        },
      });
      await expect(writer.append([events.ping()])).resolves.toBe('1-3');
      const next = await other.open(run);
      isLost = true;
      expect(await next.append([events.ping()])).toBe(`${next.epoch}-0`);
      await next.seal('done');
      await reader.ended();
      const { epoch } = next;
      expect(ids()).toEqual(['1-0', '1-1', '1-2', '1-3', `${epoch}-0`, `${epoch}-1`]);
      expect(reader.isOver).toBe(true);
    });

    it('answers in time where it is down, and where it refuses', async () => {
      const log = logOf({ timeoutMs: SOON });
      const down = durableStreamsLog('http://127.0.0.1:1/runs', { timeoutMs: 100 });
      await expect(down.open(run)).rejects.toMatchObject({ code: 'network', retryable: true });
      await expect(down.ask(run, { stop: true })).rejects.toMatchObject({ code: 'network' });
      const reader = watch(down.read(run));
      await reader.ended();
      expect(reader.error).toMatchObject({ code: 'network', retryable: true });
      server.injectFault(path(), { status: 503, count: 1_000 });
      await expect(log.open(run)).rejects.toMatchObject({ code: 'http', status: 503, retryable: true });
      server.clearInjectedFaults();
      server.injectFault(path(), { status: 401, count: 1_000 });
      await expect(log.open(run)).rejects.toMatchObject({ code: 'http', status: 401, retryable: false });
      const refused = watch(log.read(run));
      await refused.ended();
      expect(refused.error).toMatchObject({ code: 'http', status: 401 });
    });

    it('goes on in an epoch of its own behind an append that may stand', async () => {
      const { writer, reader, ids } = await begun({ timeoutMs: SOON });
      server.injectFault(path(), { status: 503, count: 1_000, method: 'POST' });
      await expect(writer.append([events.ping()])).rejects.toMatchObject({ code: 'http' });
      server.clearInjectedFaults();
      await writer.seal('failed');
      await reader.ended();
      expect(ids()).toEqual(['1-0', '1-1', '2-0']);
      expect(reader.values.at(-1)?.outcome).toBe('failed');
    });

    it('reads on where a connection broke', async () => {
      const { writer, ids } = await begun();
      for (let nth = 0; nth < 5; nth++) {
        server.injectFault(path(), { truncateBodyBytes: 150 * (nth + 1), count: 1, method: 'GET' });
        server.injectFault(path(), { dropConnection: true, count: 1, method: 'GET' });
        await writer.append([events.ping()]);
      }
      await writer.seal('done');
      const late = watch(logOf().read(run));
      await late.ended();
      expect(late.values.map(({ id }) => id)).toEqual(Array.from({ length: 8 }, (_, seq) => `1-${seq}`));
      expect(late.isOver).toBe(true);
      expect(ids().length).toBeGreaterThanOrEqual(2);
    });

    it('says of a run that it has lost that it is gone, and never mixes it with what is begun anew', async () => {
      const { writer, reader } = await begun();
      server.clear();
      await expect(writer.append([events.ping()])).rejects.toMatchObject({ code: 'gone' });
      const late = watch(fromLog(logOf(), run, { after: '1-1' }));
      await late.ended();
      expect(late.error).toMatchObject({ code: 'gone' });
      const anew = await logOf().open(run);
      for (let nth = 0; nth < 5; nth++) await anew.append([events.ping()]);
      await expect(writer.append([events.ping()])).rejects.toMatchObject({ code: 'protocol' });
      expect(reader.values).toHaveLength(2);
      reader.leave();
    });

    it('asks for the last that stands where the server says too early that nothing more comes', async () => {
      const writer = await logOf().open(run);
      await writer.append(ANSWER);
      await writer.seal('done');
      const data = JSON.stringify({ streamNextOffset: '-1', streamClosed: true });
      server.injectFault(path(), { count: 1, method: 'GET', injectSseEvent: { eventType: 'control', data } });
      const reader = watch(logOf().read(run));
      await reader.ended();
      expect(reader.error).toBeUndefined();
      expect(reader.values.at(-1)).toMatchObject({ outcome: 'done' });
    });

    it('takes a stream that somebody else has closed for no end', async () => {
      const { writer, reader } = await begun();
      await fetch(`${server.url}${path()}`, { method: 'POST', headers: { 'stream-closed': 'true' } });
      await reader.ended();
      expect(reader.isOver).toBe(false);
      expect(reader.error).toMatchObject({ code: 'truncated' });
      await expect(writer.append([events.ping()])).rejects.toMatchObject({ code: 'protocol' });
    });

    it('reports messages that it did not write', async () => {
      const { reader } = await begun();
      await fetch(`${server.url}${path()}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"hello":"world"}',
      });
      await reader.ended();
      expect(reader.error).toMatchObject({ code: 'malformed' });
    });
  });

  it('goes on over a restart of a server that kept what it had', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'streams-'));
    let own = new DurableStreamTestServer({ port: 0, dataDir });
    await own.start();
    const { port, origin } = new URL(own.url);
    const log = durableStreamsLog(origin);
    const writer = await log.open(run);
    await writer.append([START]);
    const reader = watch(log.read(run));
    await reader.has(1);
    await own.stop();
    own = new DurableStreamTestServer({ port: Number(port), dataDir });
    const added = writer.append([SECOND]);
    await own.start();
    expect(await added).toBe('1-1');
    await writer.seal('done');
    await reader.ended();
    expect(reader.values.map(({ id }) => id)).toEqual(['1-0', '1-1', '1-2']);
    await own.stop();
    await rm(dataDir, { recursive: true });
  });
});
