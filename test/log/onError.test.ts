import { concat, from, NEVER, Observable, of, Subject, throwError } from 'rxjs';
import { StreamError } from '../../src/errors/streamError.js';
import type { StreamEvent } from '../../src/events/event.js';
import * as events from '../../src/events/make.js';
import { memoryLog, startRun, type Entry, type RunLog } from '../../src/log.js';
import { durableStreamsLog } from '../../src/log/durable-streams.js';
import { ANSWER, closeLoopbacks, deadUrl, loopback } from '../sources/loopback.js';
import { outcomeOf } from '../sources/outcome.js';

afterEach(closeLoopbacks);

/** Keeps what it is told. */
function reporter() {
  const told: unknown[] = [];
  return { told, onError: (error: unknown): void => void told.push(error) };
}

/** Lets what is under way in promises happen. */
function turn(): Promise<unknown> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function answering(status: number, type: string): Promise<RunLog> {
  const server = await loopback(({ response }) =>
    response.writeHead(status, { 'content-type': type }).end('<html>'),
  );
  return durableStreamsLog(server.url, { timeoutMs: 200 });
}

const down = new Error('The log is down');

/** Logs that cannot be read, by what is wrong with them. */
const LOGS: Readonly<Record<string, () => RunLog | Promise<RunLog>>> = {
  'refuses with 401': () => answering(401, 'text/plain'),
  'refuses with 429': () => answering(429, 'text/plain'),
  'refuses with 503': () => answering(503, 'text/plain'),
  'answers with a page': () => answering(200, 'text/html'),
  'cannot be reached': async () => durableStreamsLog(await deadUrl(), { timeoutMs: 200 }),
  fails: () => ({ ...memoryLog(), read: () => throwError(() => down) }),
  throws: () => ({
    ...memoryLog(),
    read: () => {
      throw down;
    },
  }),
  'gives nothing': () => ({ ...memoryLog(), read: () => undefined as unknown as Observable<Entry> }),
};

describe('onError of startRun', () => {
  describe.each(Object.entries(LOGS))('where the log %s', (_, make) => {
    it('hears so, as who reads the run does, and again where that is asked again', async () => {
      const { told, onError } = reporter();
      const run = startRun(await make(), 'run', from(ANSWER), { onError });
      const { values, error } = await outcomeOf(run);
      expect(values).toEqual([]);
      expect(error).toBeDefined();
      expect(told).toEqual([error]);
      expect(told[0]).toBe(error);
      const again = await outcomeOf(run);
      expect(told).toHaveLength(2);
      expect(told[1]).toBe(again.error);
    });

    it('hears so once, however many read at that time', async () => {
      const { told, onError } = reporter();
      const run = startRun(await make(), 'run', from(ANSWER), { onError });
      const outcomes = await Promise.all([outcomeOf(run), outcomeOf(run), outcomeOf(run)]);
      await turn();
      for (const { error } of outcomes) expect(error).toBeDefined();
      expect(told).toHaveLength(1);
    });
  });

  it('hears once of a log that takes no run, though many wait for it', async () => {
    for (const failure of [down, 'no error']) {
      const { told, onError } = reporter();
      const log: RunLog = {
        ...memoryLog(),
        open: () => {
          throw failure as Error;
        },
      };
      const run = startRun(log, 'run', from(ANSWER), { onError });
      const outcomes = await Promise.all([outcomeOf(run), outcomeOf(run)]);
      for (const { error } of outcomes) expect(error).toBe(failure);
      expect(new Set(told)).toEqual(new Set([failure]));
    }
  });

  it('hears of a log that can be written and not be read', async () => {
    const { told, onError } = reporter();
    const log = memoryLog();
    let reads = 0;
    const read: RunLog['read'] = (...given) => (reads++ === 0 ? log.read(...given) : throwError(() => down));
    const { error } = await outcomeOf(startRun({ ...log, read }, 'run', from(ANSWER), { onError }));
    await turn();
    expect(error).toBe(down);
    expect(told).toEqual([down]);
  });

  it('hears once of a log that goes down while a run is written and read', async () => {
    const { told, onError } = reporter();
    const log = memoryLog();
    const broken = new Subject<never>();
    let isDown = false;
    const flaky: RunLog = {
      ...log,
      read: (...given) =>
        new Observable((subscriber) => {
          subscriber.add(log.read(...given).subscribe(subscriber));
          subscriber.add(broken.subscribe(subscriber));
        }),
      async open(...given) {
        const writer = await log.open(...given);
        const fail = (): Promise<never> => Promise.reject(down);
        return {
          epoch: writer.epoch,
          asks: writer.asks,
          append: (given) => (isDown ? fail() : writer.append(given)),
          seal: (...given) => (isDown ? fail() : writer.seal(...given)),
        };
      },
    };
    const source = new Subject<StreamEvent>();
    const run = startRun(flaky, 'run', source, { onError });
    const viewers = [outcomeOf(run), outcomeOf(run)];
    await turn();
    source.next(events.messageStart({ id: 'msg_1' }));
    await turn();
    isDown = true;
    source.next(events.textStart(0));
    await turn();
    broken.error(new StreamError('network', 'The connection to the log failed'));
    for (const { values, error } of await Promise.all(viewers)) {
      expect(values).toHaveLength(1);
      expect(error).toMatchObject({ code: 'network' });
    }
    expect(told).toEqual([down]);
  });

  it('hears of a source what it failed with, and not what the run says of that', async () => {
    const { told, onError } = reporter();
    const log = memoryLog();
    const failure = new StreamError('http', 'HTTP 401: org-17', { status: 401 });
    const run = startRun(
      log,
      'run',
      throwError(() => failure),
      { onError },
    );
    expect((await outcomeOf(run)).error).toMatchObject({ code: 'api' });
    await turn();
    expect(told).toEqual([failure]);
    // Who joins it hears the same of the run, which has been told.
    expect((await outcomeOf(startRun(log, 'run', NEVER, { onError }))).error).toMatchObject({ code: 'api' });
    expect(told).toEqual([failure]);
  });

  describe('where the log fails as a run is sealed whose source has failed', () => {
    const failure = new StreamError('http', 'HTTP 401: org-17', { status: 401 });

    /** A log that does this before it seals a run. */
    const sealing = (seal: () => void | Promise<void>): RunLog => {
      const log = memoryLog();
      return {
        ...log,
        async open(...given) {
          const writer = await log.open(...given);
          const own: typeof writer.seal = async (...end) => {
            await writer.seal(...end);
          };
          return {
            epoch: writer.epoch,
            asks: writer.asks,
            append: (given) => writer.append(given),
            seal: (...end) => seal()?.then(() => own(...end)) ?? own(...end),
          };
        },
      };
    };

    it('hears of the source, and so do those who read the run', async () => {
      let count = 0;
      const { told, onError } = reporter();
      const log = sealing(() => (count++ === 0 ? Promise.reject(down) : undefined));
      const run = startRun(
        log,
        'run',
        throwError(() => failure),
        { onError },
      );
      expect((await outcomeOf(run)).error).toMatchObject({ code: 'api', status: 401 });
      await turn();
      expect(told).toEqual([failure]);
    });

    it.each([
      ['fails', () => Promise.reject(down)],
      [
        'throws',
        () => {
          throw down;
        },
      ],
    ])('hears of the source where the log always %s', async (_, seal) => {
      const { told, onError } = reporter();
      const run = startRun(
        sealing(seal),
        'run',
        throwError(() => failure),
        { onError },
      ).subscribe({ error: () => undefined });
      await turn();
      run.unsubscribe();
      expect(told).toEqual([failure]);
    });
  });

  it('hears nothing of a run that begins and ends', async () => {
    const { told, onError } = reporter();
    const { values } = await outcomeOf(startRun(memoryLog(), 'run', from(ANSWER), { onError }));
    await turn();
    expect(values).toEqual(ANSWER);
    expect(told).toEqual([]);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('The report failed');
      },
    ],
    ['rejects', () => Promise.reject(new Error('The report failed'))],
  ])('changes nothing where it %s itself', async (_, onError: () => void) => {
    const unreadable: RunLog = { ...memoryLog(), read: () => throwError(() => down) };
    expect((await outcomeOf(startRun(unreadable, 'run', from(ANSWER), { onError }))).error).toBe(down);
    const log = memoryLog();
    const source = concat(
      of(...ANSWER.slice(0, 3)),
      throwError(() => down),
    );
    // RxJS throws what nobody handles from a timer of its own.
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    try {
      const { values, error } = await outcomeOf(startRun(log, 'run', source, { onError }));
      await turn();
      vi.runAllTimers();
      expect(error).toBeUndefined();
      expect(values.at(-1)).toMatchObject({ type: 'error' });
    } finally {
      vi.useRealTimers();
    }
  });
});
