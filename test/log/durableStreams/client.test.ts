import { DurableStreamTestServer } from '@durable-streams/server';
import { firstValueFrom } from 'rxjs';
import type { StreamEvent } from '../../../src/events/event.js';
import * as events from '../../../src/events/make.js';
import type { Entry, RunLog } from '../../../src/log.js';
import { durableStreamsLog } from '../../../src/log/durable-streams.js';
import { watch } from '../watch.js';

type Fault = Parameters<DurableStreamTestServer['injectFault']>[1];

/** What each client of the protocol has to do, whatever it is written for. */
describe('as a client of the protocol', () => {
  let server: DurableStreamTestServer;
  let run: string;
  let runs = 0;

  beforeAll(async () => {
    server = new DurableStreamTestServer({ port: 0 });
    await server.start();
  });

  beforeEach(() => {
    run = `client-${runs++}`;
  });

  afterEach(() => server.clearInjectedFaults());
  afterAll(() => server.stop());

  const path = (): string => `/runs/${run}`;

  /** A log, and how often its server was asked. */
  function counted(timeoutMs?: number): { log: RunLog; asked: () => number } {
    let asked = 0;
    const log = durableStreamsLog(`${server.url}/runs`, {
      timeoutMs,
      fetch: (...given) => {
        asked++;
        return fetch(...given);
      },
    });
    return { log, asked: () => asked };
  }

  const text = (nth: number): StreamEvent => events.textDelta(0, `word ${nth} `);

  /** A run that is written and sealed, with an event in each entry. */
  async function written(...all: readonly StreamEvent[]): Promise<void> {
    const writer = await counted().log.open(run);
    for (const event of all) await writer.append([event]);
    await writer.seal('done');
  }

  /** All entries of a run, and what its reader failed with. */
  async function readBy(log: RunLog): Promise<{ values: readonly Entry[]; error: unknown; isOver: boolean }> {
    const reader = watch(log.read(run));
    await reader.ended();
    return reader;
  }

  const eventsOf = (entries: readonly Entry[]): readonly StreamEvent[] =>
    entries.flatMap((entry) => entry.events);

  /** What is done to a run. Each leaves it sealed, with the same two events. */
  const DEEDS: Readonly<Record<string, (log: RunLog, spoil: () => void) => Promise<void>>> = {
    async 'opens a run'(log, spoil) {
      spoil();
      const writer = await log.open(run);
      await writer.append([text(0)]);
      await writer.append([text(1)]);
      await writer.seal('done');
    },
    async appends(log, spoil) {
      const writer = await log.open(run);
      await writer.append([text(0)]);
      spoil();
      await writer.append([text(1)]);
      await writer.seal('done');
    },
    async seals(log, spoil) {
      const writer = await log.open(run);
      await writer.append([text(0)]);
      await writer.append([text(1)]);
      spoil();
      await writer.seal('done');
    },
    async 'reads what stands'(log, spoil) {
      await written(text(0), text(1));
      spoil();
      expect(eventsOf((await readBy(log)).values)).toEqual([text(0), text(1)]);
    },
    async 'reads what comes'(log, spoil) {
      const writer = await counted().log.open(run);
      await writer.append([text(0)]);
      spoil();
      const reader = watch(log.read(run));
      await reader.has(1);
      await writer.append([text(1)]);
      await writer.seal('done');
      await reader.ended();
      expect(eventsOf(reader.values)).toEqual([text(0), text(1)]);
      expect(reader.isOver).toBe(true);
    },
  };

  /** What passes: whoever asks again gets the answer. */
  const PASSING: Readonly<Record<string, Fault>> = {
    'an error of the server': { status: 500 },
    'a server that is not there yet': { status: 503, count: 3 },
    'a gateway without a server': { status: 502, count: 2 },
    'too many requests': { status: 429, retryAfter: 1 },
    'a dropped connection': { dropConnection: true },
    'several dropped connections': { dropConnection: true, count: 3 },
    'an answer that takes long': { delayMs: 20, jitterMs: 20, count: 4 },
    'an error that takes long': { delayMs: 20, status: 503 },
  };

  describe.each(Object.entries(PASSING))('goes on over %s', (_, fault) => {
    it.each(Object.entries(DEEDS))('when it %s, and adds nothing twice', async (_, deed) => {
      await deed(counted().log, () => server.injectFault(path(), fault));
      server.clearInjectedFaults();
      const { values, isOver } = await readBy(counted().log);
      expect(isOver).toBe(true);
      expect(eventsOf(values)).toEqual([text(0), text(1)]);
      expect(values.at(-1)).toMatchObject({ id: '1-2', outcome: 'done' });
    });
  });

  it.each([
    [400, 'http'],
    [401, 'http'],
    [403, 'http'],
    [404, 'gone'],
    [410, 'gap'],
  ])('asks no second time after %i', async (status, code) => {
    const { log, asked } = counted();
    const writer = await log.open(run);
    server.injectFault(path(), { status, count: 100 });
    const failure = { code, retryable: false, message: expect.stringContaining(`"${run}"`) as unknown };
    const before = asked();
    await expect(writer.append([text(0)])).rejects.toMatchObject(failure);
    expect(asked()).toBe(before + 1);
    expect((await readBy(log)).error).toMatchObject(failure);
    expect(asked()).toBe(before + 2);
    await expect(log.open(run)).rejects.toMatchObject(failure);
    expect(asked()).toBe(before + 3);
  });

  it('gives up in time where a server goes on failing, and says with what', async () => {
    server.injectFault(path(), { status: 500, count: 10_000 });
    const { log, asked } = counted(150);
    await expect(log.open(run)).rejects.toMatchObject({ code: 'http', status: 500, retryable: true });
    expect((await readBy(log)).error).toMatchObject({ code: 'http', status: 500, retryable: true });
    expect(asked()).toBeGreaterThan(3);
  });

  it('knows no run that was deleted, when it reads, goes on reading or writes', async () => {
    const { log } = counted();
    const writer = await log.open(run, { leaseMs: 150 });
    await writer.append([text(0)]);
    const reader = watch(log.read(run));
    await reader.has(1);
    await fetch(`${server.url}${path()}`, { method: 'DELETE' });
    await expect(writer.append([text(1)])).rejects.toMatchObject({ code: 'gone' });
    expect((await readBy(log)).error).toMatchObject({ code: 'gone', retryable: false });
    await reader.ended();
    expect(reader.error).toMatchObject({ code: 'gone', retryable: false });
  });

  describe('in an event stream', () => {
    it.each([
      ['{"some":"data"}', 'unknown'],
      ['no JSON', 'future-event-v2'],
    ])('leaves out %s of an unknown type', async (data, eventType) => {
      await written(text(0), text(1));
      server.injectFault(path(), { method: 'GET', injectSseEvent: { eventType, data } });
      const { values, isOver, error } = await readBy(counted().log);
      expect(error).toBeUndefined();
      expect(eventsOf(values)).toEqual([text(0), text(1)]);
      expect(isOver).toBe(true);
    });

    it.each(['{invalid json here', '', 'null', '7', '{"upToDate":true}', '{"streamNextOffset":7}'])(
      'reports a control event that says %j',
      async (data) => {
        await written(text(0));
        server.injectFault(path(), { method: 'GET', injectSseEvent: { eventType: 'control', data } });
        const { log, asked } = counted();
        const { values, error, isOver } = await readBy(log);
        expect(error).toMatchObject({ code: 'malformed', raw: data, retryable: false });
        expect(values).toEqual([]);
        expect(isOver).toBe(false);
        expect(asked()).toBe(1);
        // What stands is not spoilt.
        expect(eventsOf((await readBy(log)).values)).toEqual([text(0)]);
      },
    );
  });

  it('takes no JSON that is cut off for an empty run, and asks again', async () => {
    const { log } = counted();
    await (await log.open(run)).append([text(0)]);
    for (const truncateBodyBytes of [1, 30, 90]) {
      server.injectFault(path(), { truncateBodyBytes, method: 'GET' });
      const writer = await log.open(run);
      expect(await writer.append([text(1)])).toBe(`${writer.epoch}-0`);
    }
    server.injectFault(path(), { truncateBodyBytes: 30, method: 'GET', count: 10_000 });
    const failed = counted(100).log.open(run);
    await expect(failed).rejects.toMatchObject({ code: 'malformed', retryable: true });
  });

  it.each(['text/html', undefined])('takes no page for events that are still to come: %s', async (type) => {
    let isPage = false;
    const log = durableStreamsLog(`${server.url}/runs`, {
      timeoutMs: 100,
      fetch: (url, init) => {
        const headers: HeadersInit = type === undefined ? {} : { 'content-type': type };
        const page = type === undefined ? new Uint8Array() : '<html>';
        return isPage ? Promise.resolve(new Response(page, { headers })) : fetch(url, init);
      },
    });
    await (await log.open(run)).append([text(0)]);
    isPage = true;
    const { error, values } = await readBy(log);
    expect(error).toMatchObject({ code: 'malformed', retryable: true });
    expect((error as Error).message).toContain(type ?? 'no type');
    expect(values).toEqual([]);
  });

  it('asks once where a reader is refused with a conflict', async () => {
    let asked = 0;
    const log = durableStreamsLog(`${server.url}/runs`, {
      timeoutMs: 100,
      fetch: (url, init) => {
        if (!String(url).includes('live=sse')) return fetch(url, init);
        asked++;
        return Promise.resolve(new Response(null, { status: 409 }));
      },
    });
    await (await log.open(run)).append([text(0)]);
    const { error } = await readBy(log);
    expect(error).toMatchObject({ code: 'http', status: 409 });
    expect(asked).toBe(1);
  });

  /** What ends a line for some readers and for others does not, and what a reader of lines might trim. */
  const TEXTS = {
    'next line': 'a\u0085b',
    'line separator': 'a\u2028b',
    'paragraph separator': 'a\u2029b',
    'all of them': '\u0085\u2028\u2029\u000B\u000C\u001C',
    'ends of lines': 'a\r\nb\rc\n\n\nd',
    'spaces around': '   a  ',
    'a byte order mark': '\uFEFFa\uFEFF',
    zeros: 'a\u0000b',
    'what looks like frames': 'data: a\n\nevent: control\ndata: {}\n\n: b',
    'many scripts': 'Grüße, 世界 👩‍👩‍👧 مرحبا',
    'what is long': 'many words '.repeat(20_000),
  };

  it.each(Object.entries(TEXTS))(
    'carries %s unchanged, to who comes late and to who is there',
    async (_, text) => {
      const { log } = counted();
      const event = events.textDelta(0, text);
      const writer = await log.open(run);
      const there = watch(log.read(run));
      await writer.append([event]);
      await writer.append([event, event]);
      await writer.seal('done');
      await there.ended();
      const { values } = await readBy(log);
      for (const entries of [there.values, values]) expect(eventsOf(entries)).toEqual([event, event, event]);
    },
  );

  it('keeps the order of many entries, however many are written at once', async () => {
    const { log } = counted();
    const writer = await log.open(run);
    const there = watch(log.read(run));
    const all = Array.from({ length: 60 }, (_, nth) => text(nth));
    const ids = await Promise.all(all.map((event) => writer.append([event])));
    await writer.seal('done');
    await there.ended();
    expect(ids).toEqual(all.map((_, nth) => `1-${nth}`));
    expect(eventsOf(there.values)).toEqual(all);
    expect(eventsOf((await readBy(log)).values)).toEqual(all);
  });

  it('seals once, where the answer to that is lost', async () => {
    let isLost = false;
    const log = durableStreamsLog(`${server.url}/runs`, {
      fetch: async (url, init) => {
        const response = await fetch(url, init);
        const isSeal = new Headers(init?.headers).get('stream-closed') === 'true';
        if (!isSeal || isLost) return response;
        isLost = true;
        throw new TypeError('fetch failed');
      },
    });
    const writer = await log.open(run);
    await writer.append([text(0)]);
    await writer.seal('done');
    expect(isLost).toBe(true);
    const { values, isOver } = await readBy(log);
    expect(values.map(({ id, outcome }) => [id, outcome])).toEqual([
      ['1-0', undefined],
      ['1-1', 'done'],
    ]);
    expect(isOver).toBe(true);
  });

  it('ends at once for who comes to a run that is closed', async () => {
    await written(text(0));
    const { log, asked } = counted();
    await firstValueFrom(log.read(run, '1-0'));
    expect(asked()).toBe(1);
  });
});
