import {
  concat,
  concatMap,
  concatWith,
  from,
  lastValueFrom,
  NEVER,
  of,
  Subject,
  throwError,
  timer,
  toArray,
  type Observable,
} from 'rxjs';
import { anthropic } from '../../src/anthropic.js';
import { StreamError } from '../../src/errors/streamError.js';
import type { StreamEvent } from '../../src/events/event.js';
import { idOf } from '../../src/events/id.js';
import * as events from '../../src/events/make.js';
import { fromLog } from '../../src/log/fromLog.js';
import { memoryLog } from '../../src/log/memoryLog.js';
import type { Entry, RunLog } from '../../src/log/runLog.js';
import { startRun } from '../../src/log/startRun.js';
import { toLog } from '../../src/log/toLog.js';
import { accumulateState } from '../../src/operators/accumulateState.js';
import { runTools } from '../../src/operators/runTools.js';
import { stopOn } from '../../src/operators/stopOn.js';
import { toMessage } from '../../src/operators/toMessage.js';
import { respond } from '../../src/server.js';
import { outcomeOf } from '../sources/outcome.js';
import { ANSWER } from '../sources/loopback.js';
import { callOf, replyOf } from '../operators/replies.js';

/** Lets what is under way in promises happen. */
function turn(): Promise<unknown> {
  return new Promise((resolve) => setImmediate(resolve));
}

function entriesOf(log: RunLog): Promise<Entry[]> {
  return lastValueFrom(log.read('run').pipe(toArray()));
}

async function outcomeIn(log: RunLog): Promise<Entry['outcome']> {
  return (await entriesOf(log)).at(-1)?.outcome;
}

const failure = new StreamError('http', 'HTTP 429: org-17 is out of tokens', {
  status: 429,
  retryable: true,
});

describe('toLog', () => {
  it('writes what passes, and passes it with its ids', async () => {
    const log = memoryLog();
    const { values } = await outcomeOf(from(ANSWER).pipe(toLog(log, 'run')));
    expect(values).toEqual(ANSWER);
    expect(values.map(idOf)).toEqual(ANSWER.map((_, at) => `1-${at}`));
    expect(await lastValueFrom(fromLog(log, 'run').pipe(toArray()))).toEqual(ANSWER);
    expect(await outcomeIn(log)).toBe('done');
  });

  it('writes what comes while the log is busy at once', async () => {
    const log = memoryLog();
    await lastValueFrom(from(ANSWER).pipe(toLog(log, 'run')));
    expect((await entriesOf(log)).map(({ id }) => id)).toEqual(['1-0', '1-6', '1-7']);
  });

  it('writes what comes, and ends, just as the log has taken the event before', async () => {
    const coming = async function* (): AsyncGenerator<StreamEvent> {
      yield* ANSWER;
    };
    const log = memoryLog();
    const [values] = await Promise.all([
      lastValueFrom(from(coming()).pipe(toLog(log, 'run'), toArray())),
      lastValueFrom(
        of(...ANSWER).pipe(
          concatMap((event) => Promise.resolve(event)),
          toLog(log, 'another'),
        ),
      ),
    ]);
    expect(values).toEqual(ANSWER);
    expect(await outcomeIn(log)).toBe('done');
  });

  it('fails where what the log opens is no writer', async () => {
    const log = { ...memoryLog(), open: () => Promise.resolve(undefined) } as unknown as RunLog;
    const { error } = await outcomeOf(from(ANSWER).pipe(toLog(log, 'run')));
    expect(error).toBeInstanceOf(TypeError);
  });

  it.each<[string, Observable<StreamEvent>, string]>([
    [
      'an error',
      concat(
        from(ANSWER.slice(0, 3)),
        throwError(() => failure),
      ),
      'rate_limit_error',
    ],
    ['a message that is not whole', from(ANSWER.slice(0, 3)), 'api_error'],
  ])(
    'seals a run of %s as failed, and says no more of it than a browser may read',
    async (_, source, type) => {
      const log = memoryLog();
      const { error } = await outcomeOf(source.pipe(toLog(log, 'run')));
      expect(error).toBeInstanceOf(StreamError);
      const { values, error: read } = await outcomeOf(fromLog(log, 'run'));
      expect(read).toBeUndefined();
      expect(values.at(-1)).toMatchObject({ type: 'error', error: { type, retryable: true } });
      expect(JSON.stringify(values)).not.toContain('org-17');
      expect(await outcomeIn(log)).toBe('failed');
    },
  );

  it('keeps what a provider said before it said anything: its status, and when to ask again', async () => {
    const overloaded = new StreamError('http', 'HTTP 503: org-17', {
      status: 503,
      retryable: true,
      retryAfterMs: 7_000,
    });
    for (const snapshot of [false, true]) {
      const log = memoryLog();
      const events = startRun(
        log,
        'run',
        throwError(() => overloaded),
      );
      const response = await respond(events, { codec: anthropic });
      expect([response.status, response.headers.get('retry-after')]).toEqual([503, '7']);
      expect(await outcomeOf(fromLog(log, 'run', { snapshot }))).toMatchObject({
        values: [],
        error: { code: 'api', status: 503, retryable: true, retryAfterMs: 7_000 },
      });
      expect(await outcomeIn(log)).toBe('failed');
    }
  });

  it('seals a run of nothing as failed, which its readers fail with', async () => {
    const log = memoryLog();
    await outcomeOf(of().pipe(toLog(log, 'run')));
    const { values, error } = await outcomeOf(fromLog(log, 'run'));
    expect(values).toEqual([]);
    expect(error).toMatchObject({
      code: 'api',
      retryable: true,
      message: 'api_error: The answer was cut off.',
    });
    expect(await outcomeIn(log)).toBe('failed');
  });

  it('takes a source that was stopped by its own means for stopped', async () => {
    const log = memoryLog();
    const source = from(ANSWER.slice(0, 3)).pipe(concatWith(NEVER), stopOn(timer(1)));
    await outcomeOf(source.pipe(toLog(log, 'run')));
    expect(await outcomeIn(log)).toBe('stopped');
  });

  it('gives a message that has no id one, which stays', async () => {
    const log = memoryLog();
    const nameless = [events.messageStart({ id: '' }), ...ANSWER.slice(1)];
    const { values } = await outcomeOf(from(nameless).pipe(toLog(log, 'run')));
    expect(values[0]).toMatchObject({ message: { id: expect.stringMatching(/^msg_\w{5,}$/) as string } });
    expect((await outcomeOf(fromLog(log, 'run'))).values).toEqual(values);
  });

  it('passes an error event on, and the run has failed', async () => {
    const log = memoryLog();
    const given = [...ANSWER.slice(0, 3), events.error('overloaded_error', 'Overloaded')];
    const { values, error } = await outcomeOf(from(given).pipe(toLog(log, 'run')));
    expect([values, error]).toEqual([given, undefined]);
    expect(await outcomeIn(log)).toBe('failed');
  });

  it('stops as stopOn does where somebody asks, whenever that is', async () => {
    for (const askedAfter of [0, 3]) {
      const log = memoryLog();
      const source = new Subject<StreamEvent>();
      if (askedAfter === 0) await log.ask('run', { stop: true });
      const written = outcomeOf(source.pipe(toLog(log, 'run')));
      await turn();
      expect(source.observed).toBe(askedAfter > 0);
      for (const event of ANSWER.slice(0, askedAfter)) source.next(event);
      if (askedAfter > 0) await log.ask('run', { stop: true });
      expect(source.observed).toBe(false);
      const { values } = await written;
      expect(values.slice(-2)).toMatchObject([
        { delta: { stop_reason: 'cancelled' } },
        { type: 'message_stop' },
      ]);
      expect(await outcomeIn(log)).toBe('stopped');
    }
  });

  it('is not stopped behind the end', async () => {
    const log = memoryLog();
    await lastValueFrom(from(ANSWER).pipe(toLog(log, 'run')));
    await log.ask('run', { stop: true });
    expect(await outcomeIn(log)).toBe('done');
  });

  it('ends a source whose run another writer has taken over', async () => {
    const log = memoryLog();
    const source = new Subject<StreamEvent>();
    const written = outcomeOf(source.pipe(toLog(log, 'run')));
    await turn();
    for (const event of ANSWER.slice(0, 3)) source.next(event);
    await turn();
    await lastValueFrom(from(ANSWER).pipe(toLog(log, 'run')));
    source.next(events.ping());
    expect((await written).error).toMatchObject({ code: 'protocol', retryable: false });
    expect(source.observed).toBe(false);
    const { values } = await outcomeOf(fromLog(log, 'run'));
    expect(values).toEqual([...ANSWER.slice(0, 3), events.reset(2, 'Another producer took over'), ...ANSWER]);
    expect(await lastValueFrom(from(values).pipe(toMessage()))).toEqual(
      await lastValueFrom(from(ANSWER).pipe(toMessage())),
    );
  });

  it('fails where the run is too long, and the run says so', async () => {
    const log = memoryLog({ limits: { bytes: 700 } });
    const { error } = await outcomeOf(from(ANSWER).pipe(toLog(log, 'run')));
    expect(error).toMatchObject({ code: 'limit' });
    expect((await outcomeOf(fromLog(log, 'run'))).values.at(-1)).toMatchObject({ type: 'error' });
  });

  it('lets go of the source and of the log when it is unsubscribed', async () => {
    const log = memoryLog();
    const source = new Subject<StreamEvent>();
    const subscription = source.pipe(toLog(log, 'run')).subscribe();
    await turn();
    source.next(events.ping());
    subscription.unsubscribe();
    expect(source.observed).toBe(false);
  });
});

describe('startRun', () => {
  it('goes on when those who read it have left', async () => {
    const log = memoryLog();
    const source = new Subject<StreamEvent>();
    const viewer = startRun(log, 'run', source).subscribe();
    await turn();
    for (const event of ANSWER.slice(0, 3)) source.next(event);
    viewer.unsubscribe();
    expect(source.observed).toBe(true);
    for (const event of ANSWER.slice(3)) source.next(event);
    source.complete();
    await turn();
    expect(await lastValueFrom(fromLog(log, 'run').pipe(toArray()))).toEqual(ANSWER);
  });

  it('is joined by whoever comes later, and has one writer', async () => {
    const log = memoryLog();
    let subscribed = 0;
    const source = new Subject<StreamEvent>();
    const make = () => {
      subscribed++;
      return source;
    };
    const first = outcomeOf(startRun(log, 'run', make));
    const second = outcomeOf(startRun(log, 'run', make));
    await turn();
    for (const event of ANSWER) source.next(event);
    source.complete();
    const late = outcomeOf(startRun(log, 'run', make));
    for (const { values } of await Promise.all([first, second, late])) expect(values).toEqual(ANSWER);
    expect(subscribed).toBe(1);
  });

  it('begins anew a run whose writer died, and its readers follow', async () => {
    const log = memoryLog({ leaseMs: 0 });
    const dead = await log.open('run');
    await dead.append(ANSWER.slice(0, 3));
    const alive = memoryLogWith(log, 30_000);
    const { values } = await outcomeOf(startRun(alive, 'run', from(ANSWER)));
    expect(values.map(({ type }) => type).slice(0, 5)).toEqual([
      'message_start',
      'content_block_start',
      'content_block_delta',
      'reset',
      'message_start',
    ]);
    expect(values.slice(4)).toEqual(ANSWER);
  });

  it('tells whoever wants to know what its writer failed with, as it is', async () => {
    const failures: unknown[] = [];
    const onError = (error: unknown): void => void failures.push(error);
    const failure = new TypeError('A secret of the program');
    const viewer = outcomeOf(
      startRun(
        memoryLog(),
        'run',
        concat(
          from(ANSWER.slice(0, 3)),
          throwError(() => failure),
        ),
        { onError },
      ),
    );
    const { values } = await viewer;
    await turn();
    expect(failures).toEqual([failure]);
    expect(JSON.stringify(values)).not.toContain('secret');
    const odd = events.unknown('x', { size: 1n });
    await outcomeOf(startRun(memoryLog(), 'run', from([odd]), { onError }));
    await turn();
    expect(failures[1]).toMatchObject({ message: expect.stringContaining('have to be JSON') as unknown });
    const refused = new Error('The log is down');
    const log: RunLog = { ...memoryLog(), open: () => Promise.reject(refused) };
    await outcomeOf(startRun(log, 'run', NEVER, { onError }));
    expect(failures[2]).toBe(refused);
  });

  it('tries again for who asks again, however a log failed to open it', async () => {
    const failures: (() => Promise<never>)[] = [
      () => {
        throw failure;
      },
      () => Promise.reject(failure),
    ];
    for (const fails of failures) {
      const log = memoryLog();
      let isDown = true;
      const open: RunLog['open'] = (...given) => (isDown ? fails() : log.open(...given));
      const flaky = { ...log, open };
      expect((await outcomeOf(startRun(flaky, 'run', from(ANSWER)))).error).toBe(failure);
      isDown = false;
      expect((await outcomeOf(startRun(flaky, 'run', from(ANSWER)))).values).toEqual(ANSWER);
    }
  });

  it('reports what the log refuses it with', async () => {
    const refused = new Error('The log is down');
    const log: RunLog = { ...memoryLog(), open: () => Promise.reject(refused) };
    expect((await outcomeOf(startRun(log, 'run', NEVER))).error).toBe(refused);
  });

  it('lets approvals come from anywhere, also before they are asked for', async () => {
    const log = memoryLog();
    await log.ask('run', { approve: 'toolu_1', approved: true, reason: 'Go on' });
    const calls = [...callOf(0, ['{}']), ...callOf(1, ['{}'])];
    const source = startRun(log, 'run', (approve) =>
      from(replyOf(calls, 'tool_use')).pipe(
        runTools({ get_weather: () => 'Sunny', draw: () => 'Drawn' }, { approve }),
      ),
    );
    const state = lastValueFrom(source.pipe(accumulateState()));
    await turn();
    await log.ask('run', { approve: 'toolu_0', approved: false, reason: 'No' });
    expect((await state).calls.map(({ status }) => status)).toEqual(['denied', 'done']);
    expect(await outcomeIn(log)).toBe('done');
  });
});

/** A log whose writers have a longer lease. */
function memoryLogWith(log: RunLog, leaseMs: number): RunLog {
  return { ...log, open: (run) => log.open(run, { leaseMs }) };
}
