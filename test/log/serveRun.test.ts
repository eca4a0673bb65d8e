import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  defer,
  finalize,
  from,
  lastValueFrom,
  NEVER,
  Observable,
  retry,
  Subject,
  Subscription,
  take,
  tap,
  throwError,
  toArray,
} from 'rxjs';
import { anthropic } from '../../src/anthropic.js';
import type { Codec } from '../../src/codecs/codec.js';
import type { StreamEvent } from '../../src/events/event.js';
import { idOf } from '../../src/events/id.js';
import * as events from '../../src/events/make.js';
import { fromLog } from '../../src/log/fromLog.js';
import { memoryLog } from '../../src/log/memoryLog.js';
import type { Ask, Entry, Outcome, RunLog } from '../../src/log/runLog.js';
import { serveRun } from '../../src/log/serveRun.js';
import { shareRun } from '../../src/log/shareRun.js';
import { toLog } from '../../src/log/toLog.js';
import { openaiChat } from '../../src/openai.js';
import { toMessage } from '../../src/operators/toMessage.js';
import { nodeHandler, respond } from '../../src/server.js';
import { fromResponse } from '../../src/sources/fromResponse.js';
import { llmWorker } from '../../src/llm-worker.js';
import { ANSWER } from '../sources/loopback.js';
import { outcomeOf } from '../sources/outcome.js';
import { Reader, Timers } from '../server/clients.js';

let server: Server | undefined;

afterEach(async () => {
  if (server === undefined) return;
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
  server = undefined;
});

/** Serves the runs of a log; who says `no` may not see them. */
async function serving(log: RunLog, codec: Codec = anthropic, heartbeatMs?: number): Promise<string> {
  const authorize = ({ headers }: Request): boolean => headers.get('authorization') !== 'no';
  const opened = createServer(
    nodeHandler((request) =>
      serveRun(request, {
        log,
        run: new URL(request.url).pathname.slice(1),
        codec,
        authorize,
        heartbeatMs,
      }),
    ),
  );
  server = opened.listen(0, '127.0.0.1');
  await once(opened, 'listening');
  return `http://127.0.0.1:${(opened.address() as AddressInfo).port}/run`;
}

async function written(given: readonly StreamEvent[] = ANSWER): Promise<RunLog> {
  const log = memoryLog();
  await lastValueFrom(from(given).pipe(toLog(log, 'run')));
  return log;
}

function after(id: string): RequestInit {
  return { headers: { 'last-event-id': id } };
}

async function eventsIn(response: Response, codec: Codec = anthropic): Promise<readonly StreamEvent[]> {
  return lastValueFrom(fromResponse(response, { codec }).pipe(toArray()));
}

describe('serveRun', () => {
  it('serves a run with the ids of its events', async () => {
    const response = await fetch(await serving(await written()));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const read = await eventsIn(response);
    expect(read).toEqual(ANSWER);
    expect(read.map(idOf)).toEqual(ANSWER.map((_, at) => `1-${at}`));
  });

  it.each([anthropic, openaiChat, llmWorker])(
    'goes on behind each event, frame by frame, in $name',
    async (codec) => {
      const url = await serving(await written(), codec);
      const whole = await (await fetch(url)).text();
      const sse = codec.framing === 'sse';
      const frames = whole.split(sse ? '\n\n' : '\n').filter((frame) => frame !== '');
      for (const [at, frame] of frames.entries()) {
        const [, id] = /(?:^id: |"\$id":")(\d+-\d+)/m.exec(frame) ?? [];
        const [, before] = /(?:^id: |"\$id":")(\d+-\d+)/m.exec(frames[at - 1] ?? '') ?? [];
        // What bears an id again belongs to the next event, whose id stands on its last frame.
        if (id === undefined || id === before || id === '0-0') continue;
        const response = await fetch(url, after(id));
        const rest = frames.slice(at + 1).map((text) => `${text}${sse ? '\n\n' : '\n'}`);
        expect(response.status).toBe(rest.length === 0 ? 204 : 200);
        if (rest.length > 0) expect(await response.text()).toBe(rest.join(''));
      }
    },
  );

  it('waits for what comes, and a viewer who leaves stops nothing', async () => {
    const log = memoryLog();
    const source = new Subject<StreamEvent>();
    const run = lastValueFrom(source.pipe(toLog(log, 'run'), toMessage()));
    await new Promise((resolve) => setImmediate(resolve));
    for (const event of ANSWER.slice(0, 3)) source.next(event);
    const url = await serving(log);
    const leaving = new AbortController();
    await (await Reader.ask(url, { signal: leaving.signal })).sees('id: 1-2');
    leaving.abort();
    const viewer = await Reader.ask(url, after('1-1'));
    await viewer.sees('id: 1-2');
    for (const event of ANSWER.slice(3)) source.next(event);
    source.complete();
    expect((await viewer.rest()).match(/^id: .*/gm)).toEqual(
      ['2', '3', '4', '5', '6'].map((seq) => `id: 1-${seq}`),
    );
    expect((await run).content).toMatchObject([{ text: 'Hello' }]);
  });

  it('answers at once who has all that stands, though nothing is to be said', async () => {
    const log = memoryLog();
    await (await log.open('run')).append(ANSWER.slice(0, 3));
    const response = await fetch(await serving(log, anthropic, 0), after('1-2'));
    expect(response.status).toBe(200);
    await response.body?.cancel();
  });

  it('says 204 to who has all', async () => {
    const url = await serving(await written());
    for (const id of ['1-6', '1-7']) expect((await fetch(url, after(id))).status).toBe(204);
  });

  it.each(['9-0', '1-8', '0-1', '2-0'])(
    'says of the id %s, which the run does not have, that it is gone',
    async (id) => {
      const log = await written();
      expect((await fetch(await serving(log), after(id))).status).toBe(410);
      const writer = await log.open('going');
      await writer.append(ANSWER.slice(0, 2));
      const request = new Request('http://localhost', after(id));
      const options = { log, run: 'going', codec: anthropic, authorize: () => true };
      expect((await serveRun(request, options)).status).toBe(410);
    },
  );

  it.each([{}, { 'last-event-id': '1-0' }])(
    'reads for nobody who leaves before the run has anything: %j',
    async (headers) => {
      const log = memoryLog();
      await log.open('run');
      let reading = 0;
      const read: RunLog['read'] = (...given) =>
        defer(() => {
          reading++;
          return log.read(...given).pipe(finalize(() => reading--));
        });
      const leaving = new AbortController();
      const request = new Request('http://localhost', { headers, signal: leaving.signal });
      const authorize = () => true;
      const response = serveRun(request, { log: { ...log, read }, run: 'run', codec: anthropic, authorize });
      await new Promise((resolve) => setImmediate(resolve));
      expect(reading).toBe(1);
      leaving.abort();
      await new Promise((resolve) => setImmediate(resolve));
      expect(reading).toBe(0);
      await response;
    },
  );

  it.each(['', 'x', '1', '1-2-3', '-1-2', '1-2,3', '%31-2'])(
    'refuses the id %j before it sends anything',
    async (id) => {
      const response = await fetch(await serving(await written()), after(id));
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({
        error: { message: 'The header Last-Event-ID is no id of a run, such as 1-7.' },
      });
    },
  );

  it('knows no run that is not there', async () => {
    const response = await fetch(await serving(memoryLog()));
    expect(response.status).toBe(410);
    expect(await response.json()).toMatchObject({ error: { message: 'The answer is not there any more.' } });
  });

  it('says of a producer that died that to ask again may help', async () => {
    const log = memoryLog({ leaseMs: 0 });
    await log.open('run');
    expect((await fetch(await serving(log))).status).toBe(503);
  });

  it('ends the answer of a producer that dies in the middle with an error', async () => {
    const log = memoryLog({ leaseMs: 0 });
    await (await log.open('run')).append(ANSWER.slice(0, 3));
    const read = await eventsIn(await fetch(await serving(log)));
    expect(read.at(-2)).toMatchObject({ type: 'block_abort' });
    expect(read.at(-1)).toMatchObject({
      type: 'error',
      error: { message: 'The answer was abandoned.' },
    });
  });

  it('asks the run to stop, and to run a call', async () => {
    const log = memoryLog();
    const writer = await log.open('run');
    const asked: Ask[] = [];
    const asks = writer.asks.subscribe((ask) => asked.push(ask));
    const url = await serving(log);
    const post = (body: string) => fetch(url, { method: 'POST', body });
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(202);
    expect((await post('{"approve":"toolu_1","approved":false,"reason":"No"}')).status).toBe(202);
    for (const body of [
      '',
      '1',
      '{"approve":"toolu_1"}',
      '{"approve":1,"approved":true}',
      '{"approved":true}',
    ])
      expect(await (await post(body)).json()).toMatchObject({
        error: {
          type: 'invalid_request_error',
          message: expect.stringMatching(/^The body has to be JSON such as/) as string,
        },
      });
    expect(asked).toEqual([{ stop: true }, { approve: 'toolu_1', approved: false, reason: 'No' }]);
    asks.unsubscribe();
  });

  it('lets nobody read or ask who may not', async () => {
    const log = await written();
    const url = await serving({
      ...log,
      read: () => {
        throw new Error('It was read');
      },
      ask: () => Promise.reject(new Error('It was asked')),
    });
    for (const method of ['GET', 'DELETE', 'POST', 'PUT'])
      expect((await fetch(url, { method, headers: { authorization: 'no' } })).status).toBe(403);
  });

  it('knows three methods', async () => {
    const response = await fetch(await serving(await written()), { method: 'PUT' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, DELETE, POST']);
  });
});

describe('shareRun', () => {
  it('reads a run once for all who view it, and lets go of it with the last', async () => {
    const log = memoryLog();
    const writer = await log.open('run');
    let readers = 0;
    const view = shareRun({
      ...log,
      read: (run) => {
        readers++;
        return log.read(run);
      },
    });
    const seen: StreamEvent[][] = [[], []];
    const viewers = seen.map((events) => view('run').subscribe((event) => events.push(event)));
    for (const event of ANSWER) await writer.append([event]);
    expect(seen).toEqual([ANSWER, ANSWER]);
    for (const viewer of viewers) viewer.unsubscribe();
    expect(readers).toBe(1);
    const late = view('run').subscribe();
    expect(readers).toBe(2);
    late.unsubscribe();
  });

  it('gives who was slow what came meanwhile, in few events', async () => {
    const log = memoryLog();
    const writer = await log.open('run');
    const gate = new Subject<boolean>();
    const seen: StreamEvent[] = [];
    const viewer = shareRun(log)('run', { gate }).subscribe((event) => seen.push(event));
    gate.next(true);
    await writer.append(ANSWER.slice(0, 3));
    gate.next(false);
    for (let piece = 0; piece < 1_000; piece++) await writer.append([events.textDelta(0, 'o')]);
    expect(seen).toHaveLength(3);
    gate.next(true);
    expect(seen.slice(3)).toEqual([events.textDelta(0, 'o'.repeat(1_000))]);
    expect(seen.map(idOf)).toEqual(['0-0', '0-0', '1-2', '1-1002']);
    viewer.unsubscribe();
  });

  it('takes back what a slow viewer has of an attempt that failed', async () => {
    const log = memoryLog();
    const first = await log.open('run');
    const gate = new Subject<boolean>();
    const seen: StreamEvent[] = [];
    const viewer = shareRun(log)('run', { gate }).subscribe((event) => seen.push(event));
    gate.next(true);
    await first.append(ANSWER.slice(0, 4));
    gate.next(false);
    await lastValueFrom(from(ANSWER).pipe(toLog(log, 'run')));
    gate.next(true);
    expect((await lastValueFrom(from(seen).pipe(toMessage()))).content).toMatchObject([{ text: 'Hello' }]);
    expect(seen.filter(({ type }) => type === 'reset')).toHaveLength(1);
    viewer.unsubscribe();
  });

  it('makes the answer of a server, whose client gets the whole message', async () => {
    const log = await written();
    const view = shareRun(log);
    const response = await respond((gate) => view('run', { gate }), { codec: anthropic });
    const message = await lastValueFrom(fromResponse(response, { codec: anthropic }).pipe(toMessage()));
    expect(message).toEqual(await lastValueFrom(fromLog(log, 'run').pipe(toMessage())));
  });

  describe('whatever its viewers do at once', () => {
    /** A log that says how many read it. */
    const counting = (log: RunLog) => {
      const counted = { reading: 0, read: 0 };
      const read: RunLog['read'] = (...given) =>
        new Observable((subscriber) => {
          counted.reading++;
          counted.read++;
          subscriber.add(() => counted.reading--);
          log.read(...given).subscribe(subscriber);
        });
      return Object.assign(counted, { view: shareRun({ ...log, read }) });
    };
    const begun = async (): Promise<RunLog> => {
      const log = memoryLog();
      await (await log.open('run')).append(ANSWER.slice(0, 4));
      return log;
    };

    it('reads for nobody who leaves in what stands, or whose gate fails', async () => {
      const counted = counting(await begun());
      const seen: StreamEvent[] = [];
      counted
        .view('run')
        .pipe(take(1))
        .subscribe((event) => seen.push(event));
      expect(seen).toEqual(ANSWER.slice(0, 1));
      expect(counted).toMatchObject({ reading: 0, read: 1 });
      const failures: unknown[] = [];
      const gate = throwError(() => 'no gate');
      counted.view('run', { gate }).subscribe({ error: (error: unknown) => failures.push(error) });
      expect(failures).toEqual(['no gate']);
      expect(counted.reading).toBe(0);
    });

    it('reads once where a viewer that hears what stands brings another one', async () => {
      const log = await begun();
      const counted = counting(log);
      const seen: StreamEvent[][] = [[], []];
      const viewers = new Subscription();
      const bring = (nth: number): void =>
        viewers.add(
          counted.view('run').subscribe((event) => {
            if (seen[nth]?.push(event) === 1 && nth === 0) bring(1);
          }),
        );
      bring(0);
      const standing = [...ANSWER.slice(0, 2), events.textDelta(0, 'Hello')];
      expect(seen).toEqual([standing, standing]);
      expect(counted).toMatchObject({ reading: 1, read: 1 });
      viewers.unsubscribe();
      expect(counted.reading).toBe(0);
    });

    it('reads anew for who comes when it has failed, though one who does not read is still there', async () => {
      const time = new Timers();
      const log = memoryLog({ leaseMs: 1_000 }, time);
      await (await log.open('run')).append(ANSWER.slice(0, 4));
      const counted = counting(log);
      const slow = counted.view('run', { gate: NEVER }).subscribe();
      const failures: unknown[] = [];
      counted
        .view('run')
        .pipe(retry(1))
        .subscribe({ error: (error: unknown) => failures.push(error) });
      time.pass(1_000);
      expect(failures).toMatchObject([{ code: 'abandoned' }]);
      expect(counted.read).toBe(2);
      await lastValueFrom(from(ANSWER).pipe(toLog(log, 'run')));
      const message = await lastValueFrom(counted.view('run').pipe(toMessage()));
      expect(message.content).toMatchObject([{ text: 'Hello' }]);
      slow.unsubscribe();
      expect(counted.reading).toBe(0);
    });

    it('tells in order what its own viewer causes while it hears something', async () => {
      const log = memoryLog();
      const source = new Subject<StreamEvent>();
      const writing = source.pipe(toLog(log, 'run')).subscribe();
      const view = shareRun(log);
      await Promise.resolve();
      for (const event of ANSWER.slice(0, 4)) source.next(event);
      await new Promise((resolve) => setImmediate(resolve));
      const early = view('run').subscribe();
      const seen: StreamEvent[] = [];
      // Who comes late asks for a stop with the first that it hears.
      const message = lastValueFrom(
        view('run').pipe(
          tap((event) => {
            if (seen.push(event) === 1) void log.ask('run', { stop: true });
          }),
          toMessage(),
        ),
      );
      expect((await message).stop_reason).toBe('cancelled');
      expect(seen.slice(0, 3)).toEqual([...ANSWER.slice(0, 2), events.textDelta(0, 'Hello')]);
      early.unsubscribe();
      writing.unsubscribe();
    });
  });

  const entry = (first: number, given: readonly StreamEvent[], outcome?: Outcome): Entry => ({
    id: `1-${first + Math.max(given.length, 1) - 1}`,
    first,
    events: given,
    outcome,
  });
  const beginning = entry(0, ANSWER.slice(0, 4));
  const overloaded = events.error('overloaded_error', 'Too much');

  it.each<[string, readonly Entry[], object | undefined]>([
    ['is done', [entry(0, ANSWER), entry(7, [], 'done')], undefined],
    ['was stopped', [beginning, entry(4, [], 'stopped')], undefined],
    ['failed, and said so', [beginning, entry(4, [overloaded]), entry(5, [], 'failed')], undefined],
    ['failed, and says so with its end', [beginning, entry(4, [overloaded], 'failed')], undefined],
    ['failed before it said anything', [entry(0, [overloaded], 'failed')], { code: 'api', status: 529 }],
    [
      'failed without a word',
      [beginning, entry(4, [], 'failed')],
      { code: 'api', message: 'The run failed' },
    ],
    ['failed with nothing', [entry(0, [], 'failed')], { code: 'api', message: 'The run failed' }],
    ['has no end', [beginning], { code: 'truncated' }],
    ['has nothing', [], { code: 'truncated' }],
    ['has a hole', [beginning, entry(5, [events.ping()]), entry(6, [], 'done')], { code: 'gap' }],
  ])('ends as fromLog does, where a run %s', async (_, entries, failure) => {
    const log: RunLog = { ...memoryLog(), read: () => from(entries) };
    const [read, viewed] = await Promise.all([
      outcomeOf(fromLog(log, 'run', { snapshot: true })),
      outcomeOf(shareRun(log)('run')),
    ]);
    if (failure === undefined) expect(read.error).toBeUndefined();
    else expect(read.error).toMatchObject(failure);
    expect(viewed.error).toEqual(read.error);
  });

  it('passes the failure of a run on to all', async () => {
    const failures: unknown[] = [];
    shareRun(memoryLog())('run').subscribe({ error: (error: unknown) => failures.push(error) });
    expect(failures).toMatchObject([{ code: 'gone' }]);
  });
});
