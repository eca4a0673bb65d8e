import { from, Subject, type Observable } from 'rxjs';
import { StreamError } from '../../src/errors/streamError.js';
import type { StreamEvent } from '../../src/events/event.js';
import { idOf } from '../../src/events/id.js';
import * as events from '../../src/events/make.js';
import { fromLog } from '../../src/log/fromLog.js';
import { memoryLog, type MemoryLogOptions } from '../../src/log/memoryLog.js';
import type { Ask, Entry, RunLog } from '../../src/log/runLog.js';
import { Timers } from '../server/clients.js';
import { ANSWER } from '../sources/loopback.js';

/** A log in whose time nothing passes. */
function logOf(options?: MemoryLogOptions): RunLog {
  return memoryLog(options, new Timers());
}

/** What came of a stream so far. */
function watch<T>(source: Observable<T>) {
  const seen = {
    values: [] as T[],
    error: undefined as unknown,
    isOver: false,
    leave: (): void => undefined,
  };
  const subscription = source.subscribe({
    next: (value) => seen.values.push(value),
    error: (error: unknown) => (seen.error = error),
    complete: () => (seen.isOver = true),
  });
  seen.leave = () => subscription.unsubscribe();
  return seen;
}

const [START, ...REST] = ANSWER as [StreamEvent, ...StreamEvent[]];

describe('memoryLog', () => {
  it('gives what stands, then what comes, until the run is sealed', async () => {
    const log = logOf();
    const writer = await log.open('run');
    expect(await writer.append(ANSWER.slice(0, 3))).toBe('1-2');
    const reader = watch(log.read('run'));
    expect(await writer.append([events.ping()])).toBe('1-3');
    await writer.seal('done');
    expect(reader.values).toEqual<Entry[]>([
      { id: '1-2', first: 0, events: ANSWER.slice(0, 3) },
      { id: '1-3', first: 3, events: [events.ping()] },
      { id: '1-4', first: 4, events: [], outcome: 'done' },
    ]);
    expect(reader.isOver).toBe(true);
  });

  it('says of an entry that stands whether another one follows', async () => {
    const log = logOf();
    const writer = await log.open('run');
    for (const event of ANSWER) await writer.append([event]);
    expect(watch(log.read('run')).values.map(({ more }) => more)).toEqual([
      ...Array(6).fill(true),
      undefined,
    ]);
  });

  it.each(['1-0', '1-1', '1-4', '1-6', '2-0', '2-7'] as const)(
    'resumes behind %s, inside an entry, too',
    async (after) => {
      const log = logOf();
      const first = await log.open('run');
      await first.append(ANSWER.slice(0, 2));
      await first.append(ANSWER.slice(2));
      const second = await log.open('run');
      await second.append(ANSWER);
      await second.seal('done');
      const all = watch(fromLog(log, 'run')).values;
      const ids = all.map(idOf);
      const rest = watch(fromLog(log, 'run', { after }));
      // The end has an id that no event bears.
      const at = after === '2-7' ? 14 : ids.indexOf(after) + 1;
      expect(rest.values).toEqual(all.slice(at));
      expect(rest.values.map(idOf)).toEqual(ids.slice(at));
      expect(rest.isOver).toBe(true);
    },
  );

  it('refuses ids of the future, and of an epoch that ended before them', async () => {
    const log = logOf();
    const refuses = (...afters: readonly string[]): void => {
      for (const after of afters)
        expect(watch(fromLog(log, 'run', { after })).error).toMatchObject({ code: 'gap', retryable: false });
    };
    const first = await log.open('run');
    refuses('1-0');
    await first.append(ANSWER);
    refuses('1-7', '2-0', '9-9', '0-1');
    const second = await log.open('run');
    refuses('1-7', '2-0');
    await second.append(ANSWER);
    await second.seal('done');
    refuses('1-7', '2-8', '9-9');
    expect(watch(log.read('run', '0-0')).values).toHaveLength(3);
  });

  it('completes at once for a reader that has all', async () => {
    const log = logOf();
    const writer = await log.open('run');
    await writer.append(ANSWER);
    await writer.seal('done');
    for (const after of ['1-6', '1-7'])
      expect(watch(fromLog(log, 'run', { after }))).toMatchObject({ values: [], isOver: true });
  });

  it('keeps what was appended, whatever becomes of it', async () => {
    const log = logOf();
    const writer = await log.open('run');
    const event = events.textDelta(0, 'as it was') as { delta: { text: string } } & StreamEvent;
    await writer.append([event]);
    event.delta.text = 'changed';
    expect(watch(fromLog(log, 'run')).values).toEqual([events.textDelta(0, 'as it was')]);
  });

  it('refuses what is no JSON, and goes on', async () => {
    const writer = await logOf().open('run');
    const odd = Object.assign(events.ping(), { most: 1n });
    await expect(writer.append([odd])).rejects.toMatchObject({
      code: 'source',
      cause: expect.any(TypeError),
    });
    const last = Object.assign(events.error('api_error', 'It failed'), { most: 1n });
    await expect(writer.seal('failed', last)).rejects.toMatchObject({ code: 'source' });
    expect(await writer.append([START])).toBe('1-0');
  });

  it('fences off a writer whose run was opened again', async () => {
    const log = logOf();
    const stale = await log.open('run');
    await stale.append([START]);
    const writer = await log.open('run');
    await expect(stale.append(REST)).rejects.toMatchObject({ code: 'protocol', retryable: false });
    await expect(stale.seal('done')).rejects.toMatchObject({ code: 'protocol' });
    expect(await writer.append([START])).toBe('2-0');
    await writer.seal('done');
    expect(watch(log.read('run')).values.map(({ id }) => id)).toEqual(['1-0', '2-0', '2-1']);
  });

  it('takes nothing for a run that has ended', async () => {
    const log = logOf();
    const writer = await log.open('run');
    await writer.seal('stopped');
    await expect(writer.append([START])).rejects.toThrow('The run has ended (stopped)');
    await expect(log.open('run')).rejects.toThrow('The run has ended (stopped)');
    await expect(writer.append([])).rejects.toThrow('at least one event');
  });

  it('knows no run that nobody has opened, even one that something is asked of', async () => {
    const log = logOf();
    await log.ask('run', { stop: true });
    expect(watch(log.read('run')).error).toMatchObject({ code: 'gone', retryable: false });
  });

  it('gives each writer all that is asked of the run, before it and while it writes', async () => {
    const log = logOf();
    await log.ask('run', { approve: 'a', approved: false });
    await log.ask('run', { approve: 'a', approved: true });
    const writer = await log.open('run');
    const asked = watch(writer.asks);
    await log.ask('run', { stop: true });
    const expected: Ask[] = [{ approve: 'a', approved: true }, { stop: true }];
    expect(asked.values).toEqual(expected);
    expect(watch((await log.open('run')).asks).values).toEqual(expected);
    asked.leave();
  });

  it('refuses to be asked for ever', async () => {
    const log = logOf();
    for (let call = 0; call < 1_000; call++) await log.ask('run', { approve: `${call}`, approved: true });
    await expect(log.ask('run', { stop: true })).rejects.toMatchObject({ code: 'limit' });
  });

  describe('in time', () => {
    it('reports a writer that is silent for longer than its lease', async () => {
      const time = new Timers();
      const log = memoryLog({ leaseMs: 1_000 }, time);
      const writer = await log.open('run');
      await writer.append([START]);
      const reader = watch(fromLog(log, 'run'));
      time.pass(999);
      await writer.append([events.ping()]);
      time.pass(999);
      expect(reader.error).toBeUndefined();
      time.pass(1);
      expect(reader.error).toMatchObject({ code: 'abandoned', retryable: true });
      expect(watch(fromLog(log, 'run')).values).toHaveLength(2);
    });

    it('knows that a writer lives while it listens', async () => {
      const time = new Timers();
      const log = memoryLog({}, time);
      const writer = await log.open('run', { leaseMs: 300 });
      const asks = watch(writer.asks);
      const reader = watch(log.read('run'));
      time.pass(10_000);
      expect(reader.error).toBeUndefined();
      asks.leave();
      time.pass(401);
      expect(reader.error).toMatchObject({ code: 'abandoned' });
    });

    it('has no timer that is longer than one of the platform may be, which would end at once', async () => {
      const timers = new Timers();
      const log = memoryLog({ leaseMs: Infinity }, timers);
      const writer = await log.open('run');
      const [asks, reader] = [watch(writer.asks), watch(fromLog(log, 'run'))];
      const delays = timers.actions.filter(({ closed }) => !closed).map(({ delay }) => delay);
      expect(delays).toEqual([2 ** 31 - 1, 2 ** 31 - 1]);
      asks.leave();
      reader.leave();
    });

    it('keeps no timer for readers that have left', async () => {
      const time = new Timers();
      const log = memoryLog({}, time);
      const writer = await log.open('run');
      const asks = watch(writer.asks);
      const readers = [watch(log.read('run')), watch(log.read('run'))];
      expect(time.actions.filter(({ closed }) => !closed)).toHaveLength(2);
      for (const reader of readers) reader.leave();
      asks.leave();
      expect(time.actions.filter(({ closed }) => !closed)).toEqual([]);
    });

    it('reports a writer that is silent in time, though a clock was set back', async () => {
      const time = new Timers();
      let back = 0;
      time.now = () => time.frame - back;
      const log = memoryLog({ leaseMs: 1_000 }, time);
      await log.open('run');
      const reader = watch(log.read('run'));
      time.pass(500);
      back = 3_600_000;
      time.pass(2_000);
      expect(reader.error).toMatchObject({ code: 'abandoned' });
    });

    it('keeps a run whose writer is alive, however long it says nothing', async () => {
      const time = new Timers();
      const log = memoryLog({ keep: { ms: 100_000 } }, time);
      const writer = await log.open('run');
      const asks = watch(writer.asks);
      await (await log.open('other')).seal('done');
      const reader = watch(fromLog(log, 'run'));
      time.pass(1_000_000);
      expect(watch(log.read('other')).error).toMatchObject({ code: 'gone' });
      await writer.append([START]);
      expect(reader.values).toEqual([START]);
      asks.leave();
      reader.leave();
    });

    it('takes nothing from the writer of a run that it has forgotten, also where that is begun anew', async () => {
      const time = new Timers();
      const log = memoryLog({ keep: { ms: 1_000 } }, time);
      const stale = await log.open('run');
      time.pass(1_000);
      expect(watch(log.read('run')).error).toMatchObject({ code: 'gone' });
      await expect(stale.append([START])).rejects.toMatchObject({ code: 'gone' });
      const writer = await log.open('run');
      await expect(stale.append([START])).rejects.toMatchObject({ code: 'gone' });
      await expect(stale.seal('failed')).rejects.toMatchObject({ code: 'gone' });
      await writer.append(ANSWER);
      await writer.seal('done');
      expect(watch(fromLog(log, 'run'))).toMatchObject({ values: ANSWER, isOver: true });
    });

    it('forgets a run that is old', async () => {
      const time = new Timers();
      const log = memoryLog({ keep: { ms: 1_000 } }, time);
      await (await log.open('old')).seal('done');
      time.pass(600);
      await (await log.open('young')).seal('done');
      expect(watch(log.read('old')).isOver).toBe(true);
      time.pass(400);
      expect(watch(log.read('old')).error).toMatchObject({ code: 'gone' });
      expect(watch(log.read('young')).isOver).toBe(true);
    });

    it('forgets entries that are old, and says so', async () => {
      const time = new Timers();
      const log = memoryLog({ keep: { ms: 1_000 } }, time);
      const writer = await log.open('run');
      await writer.append([START]);
      time.pass(700);
      await writer.append(REST);
      time.pass(700);
      expect(watch(fromLog(log, 'run')).error).toMatchObject({ code: 'gap' });
      expect(watch(fromLog(log, 'run', { after: '1-0' })).values).toEqual(REST);
    });
  });

  it('forgets more entries than it may keep, and says so', async () => {
    const log = logOf({ keep: { entries: 2 } });
    const writer = await log.open('run');
    for (const event of ANSWER) await writer.append([event]);
    for (const after of [undefined, '1-0', '1-3'])
      expect(watch(fromLog(log, 'run', { after })).error).toMatchObject({ code: 'gap', retryable: false });
    expect(watch(fromLog(log, 'run', { after: '1-4' })).values).toEqual(ANSWER.slice(5));
  });

  it('a reader that is behind when entries are forgotten reports the gap', async () => {
    const log = logOf({ keep: { entries: 2 } });
    const writer = await log.open('run');
    const busy = new Subject<void>();
    const seen: string[] = [];
    let failure: unknown;
    log.read('run').subscribe({
      next: ({ id }) => {
        seen.push(id);
        // While it is busy with the first, others come.
        if (seen.length === 1) busy.next();
      },
      error: (error: unknown) => (failure = error),
    });
    busy.subscribe(() => void Promise.all(ANSWER.map((event) => writer.append([event]))));
    await writer.append([START]);
    await Promise.resolve();
    expect(seen).toEqual(['1-0']);
    expect(failure).toMatchObject({ code: 'gap' });
  });

  it.each([
    [{ entries: 2 }, /more than 2 entries \(limit: entries\)/],
    [{ bytes: 300 }, /more than 300 characters \(limit: bytes\)/],
  ])('holds a run to %p', async (limits, message) => {
    const log = logOf({ limits });
    const writer = await log.open('run');
    const all = (async () => {
      for (const event of ANSWER) await writer.append([event]);
    })();
    await expect(all).rejects.toThrow(message);
    await expect(all).rejects.toMatchObject({ code: 'limit' });
    await writer.seal('failed');
  });
});

describe('fromLog', () => {
  const read = (...entries: readonly Entry[]) =>
    watch(fromLog({ ...logOf(), read: () => from(entries) }, 'run', { after: '1-3' }));

  it.each<[string, Entry]>([
    ['a hole', { id: '1-5', first: 5, events: [events.ping()] }],
    ['an entry that was there', { id: '1-3', first: 3, events: [events.ping()] }],
    ['an epoch that is over', { id: '0-0', first: 0, events: [events.ping()] }],
    ['a new epoch that does not begin', { id: '2-1', first: 1, events: [events.ping()] }],
  ])('reports %s', (_, entry) => {
    expect(read(entry).error).toMatchObject({ code: 'gap' });
  });

  it('takes no end for complete that no entry says', () => {
    expect(read({ id: '1-4', first: 4, events: [events.ping()] }).error).toMatchObject({ code: 'truncated' });
  });

  it.each(['', '1', '1-', '-1', '1-2-3', ' 1-2', '1-2\n', '١-٢', '1-1e9', '1'.repeat(99) + '-1'])(
    'refuses %j as an id before the log is asked',
    (after) => {
      const log = logOf();
      const asked = { ...log, read: () => fail() };
      expect(watch(fromLog(asked, 'run', { after })).error).toMatchObject({ code: 'gap' });
    },
  );

  it('says of a run that failed without a word that it failed', async () => {
    const log = logOf();
    const writer = await log.open('run');
    await writer.append(ANSWER.slice(0, 3));
    await writer.seal('failed');
    expect(watch(fromLog(log, 'run')).error).toEqual(new StreamError('api', 'The run failed'));
  });
});

function fail(): never {
  throw new Error('It was asked');
}
