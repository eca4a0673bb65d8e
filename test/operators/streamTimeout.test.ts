import { inspect } from 'node:util';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import {
  concat,
  concatMap,
  EMPTY,
  finalize,
  from,
  identity,
  ignoreElements,
  lastValueFrom,
  NEVER,
  Observable,
  of,
  tap,
  throwError,
  timer,
} from 'rxjs';
import { anthropic } from '../../src/codecs/anthropic/codec.js';
import type { StreamError } from '../../src/errors/streamError.js';
import type { TimeoutKind } from '../../src/errors/streamErrorCode.js';
import { isTerminal, type StreamEvent } from '../../src/events/event.js';
import * as events from '../../src/events/make.js';
import type { StreamTimeoutOptions } from '../../src/fold/pace/clocks.js';
import { isOutput } from '../../src/fold/order/output.js';
import { streamTimeout } from '../../src/operators/streamTimeout.js';
import { accumulateMessage } from '../../src/operators/accumulateMessage.js';
import { toMessage } from '../../src/operators/toMessage.js';
import { toText } from '../../src/operators/toText.js';
import { streamEvents } from '../../src/sources/streamEvents.js';
import { runs } from '../seed.js';
import { CountingScheduler } from './countingScheduler.js';

const start = events.messageStart({ id: 'msg_1' });
const text = events.textDelta(0, 'la');

/** An event after so many ms. */
type Step = readonly [wait: number, event: StreamEvent];

/** A source that speaks in these steps, and then keeps silent or ends. */
function spoken(
  steps: readonly Step[],
  scheduler: CountingScheduler,
  end: Observable<never> = NEVER,
): Observable<StreamEvent> {
  const said = from(steps).pipe(
    concatMap(([wait, event]) => concat(timer(wait, scheduler).pipe(ignoreElements()), of(event))),
  );
  return concat(said, end);
}

interface Outcome {
  readonly seen: readonly unknown[];
  readonly error: StreamError | undefined;
  /** When it failed. */
  readonly at: number | undefined;
}

/** What comes out of a source until there is nothing more to wait for. */
function outcome(
  make: (scheduler: CountingScheduler) => Observable<StreamEvent>,
  options: StreamTimeoutOptions,
  gather: (events: Observable<StreamEvent>) => Observable<unknown> = identity,
  scheduler = new CountingScheduler(),
): Outcome {
  const seen: unknown[] = [];
  let error: StreamError | undefined;
  let at: number | undefined;
  make(scheduler)
    .pipe(streamTimeout(options, scheduler), gather)
    .subscribe({
      next: (event) => seen.push(event),
      error: (failure: StreamError) => ([error, at] = [failure, scheduler.now()]),
    });
  scheduler.flush();
  return { seen, error, at };
}

describe('a timeout', () => {
  const steps: Step[] = [
    [1, start],
    [1, events.textStart(0)],
    [1, text],
    [1, events.blockStop(0)],
    [1, events.toolUseStart(1, 'toolu_1', 'get_weather')],
    [1, events.inputJsonDelta(1, '{"city":"Tokyo","days":[1,2')],
  ];
  const { error } = outcome((scheduler) => spoken(steps, scheduler), { idle: 30_000 });

  it('says which clock ran out, and how long it was allowed to run', () => {
    expect(error).toMatchObject({ code: 'timeout', kind: 'idle', timeoutMs: 30_000, retryable: true });
    expect(error?.message).toBe('No event came within 30000 ms');
  });

  it('gathers nothing itself', () => {
    expect(error?.partial).toBeUndefined();
  });

  const partial = {
    id: 'msg_1',
    content: [
      { type: 'text', text: 'la' },
      { type: 'tool_use', input: { city: 'Tokyo', days: [1] } },
    ],
  };

  it.each<[string, (events: Observable<StreamEvent>) => Observable<unknown>, unknown]>([
    ['toMessage', toMessage(), partial],
    ['accumulateMessage', accumulateMessage(), partial],
    ['toText', toText(), 'la'],
  ])('carries behind %s what that had gathered, of a tool input what is certain', (_, gather, expected) => {
    const { error } = outcome((scheduler) => spoken(steps, scheduler), { idle: 30_000 }, gather);
    if (typeof expected === 'string') expect(error?.partial).toBe(expected);
    else expect(error?.partial).toMatchObject(partial);
    expect(`${JSON.stringify(error)}${inspect(error, { depth: 9, showHidden: true })}`).not.toContain(
      'Tokyo',
    );
  });

  it('carries nothing where nothing had come', () => {
    expect(outcome(() => NEVER, { firstToken: 5 }, toMessage()).error?.partial).toBeUndefined();
  });

  it('aborts the request', () => {
    const scheduler = new CountingScheduler();
    let signal: AbortSignal | null | undefined;
    const codes: string[] = [];
    streamEvents('https://example.com/chat', {
      codec: anthropic,
      fetch: (_, init) => ((signal = init?.signal), new Promise<never>(() => undefined)),
    })
      .pipe(streamTimeout({ firstToken: 60_000 }, scheduler), toText())
      .subscribe({ error: ({ code }: StreamError) => codes.push(code, String(signal?.aborted)) });
    expect(signal?.aborted).toBe(false);
    scheduler.flush();
    expect(codes).toEqual(['timeout', 'true']);
  });

  it('tells of the most overdue clock where a sleeping machine let several run out', () => {
    const options = { firstToken: 3_000, total: 5_000 };
    const asleep = (scheduler: CountingScheduler): Observable<StreamEvent> =>
      timer(2_999, scheduler).pipe(
        finalize(() => (scheduler.asleep = 3_600_000)),
        concatMap(() => NEVER),
      );
    expect(outcome(asleep, options).error?.kind).toBe('firstToken');
    expect(outcome(asleep, { ...options, total: 2_999.5 }).error?.kind).toBe('total');
  });

  it('tells of the progress before the whole where both clocks run out at once', () => {
    expect(outcome(() => NEVER, { firstToken: 6, total: 6 }).error?.kind).toBe('firstToken');
    const content = (scheduler: CountingScheduler) => spoken([[2, text]], scheduler);
    expect(outcome(content, { idle: 4, total: 6 }).error?.kind).toBe('idle');
  });

  it.each<[string, Observable<boolean>, object]>([
    ['completes while it is open goes on', of(true), { at: 6 }],
    ['completes while it is closed stands still', of(false), { at: undefined }],
    ['completes without a word never begins', EMPTY, { at: undefined }],
    ['fails fails the stream', throwError(() => new Error('lost')), { error: new Error('lost') }],
  ])('of a gate that %s', (_, gate, expected) => {
    expect(outcome(() => NEVER, { idle: 6, gate })).toMatchObject(expected);
  });

  it('can be a month away', () => {
    const scheduler = new CountingScheduler();
    const month = 30 * 24 * 3_600_000;
    expect(outcome(() => NEVER, { total: month }, identity, scheduler)).toMatchObject({
      at: month,
      error: { kind: 'total' },
    });
    expect(scheduler.longest).toBeLessThan(2 ** 31);
  });
});

describe('the timers', () => {
  const lively = Array.from({ length: 10_000 }, (): Step => [1, text]);
  const withoutOperator = lively.length;

  it('are few, however many events come', () => {
    const scheduler = new CountingScheduler();
    const { seen } = outcome(
      (time) => spoken(lively, time, EMPTY),
      { idle: 100, total: 60_000 },
      identity,
      scheduler,
    );
    expect(seen).toHaveLength(10_000);
    expect(scheduler.set - withoutOperator).toBeLessThanOrEqual(110);
  });

  it('are never more than one', () => {
    const scheduler = new CountingScheduler();
    let most = 0;
    from(lively.map(([, event]) => event))
      .pipe(streamTimeout({ firstToken: 5, idle: 100, total: 60_000 }, scheduler))
      .subscribe(() => (most = Math.max(most, scheduler.open)));
    expect(most).toBe(1);
  });

  it.each<[string, Observable<StreamEvent>]>([
    ['completed', of(start, text)],
    [
      'failed',
      concat(
        of(start),
        throwError(() => new Error('lost')),
      ),
    ],
  ])('are gone when the source has %s', (_, source) => {
    const scheduler = new CountingScheduler();
    source
      .pipe(streamTimeout({ firstToken: 5, idle: 100, total: 60_000 }, scheduler))
      .subscribe({ error: () => undefined });
    expect(scheduler).toMatchObject({ set: 1, open: 0 });
  });

  it('are gone when the subscriber leaves', () => {
    const scheduler = new CountingScheduler();
    const subscription = NEVER.pipe(streamTimeout({ total: 60_000 }, scheduler)).subscribe();
    expect(scheduler.open).toBe(1);
    subscription.unsubscribe();
    expect(scheduler.open).toBe(0);
  });

  it('are none where no clock is set', () => {
    const scheduler = new CountingScheduler();
    NEVER.pipe(streamTimeout({}, scheduler)).subscribe();
    expect(scheduler.set).toBe(0);
  });
});

/** The clocks, reckoned event by event. Times of events are even and those of clocks odd, so that they never meet. */
function reckoned(
  steps: readonly Step[],
  { firstToken = Infinity, idle = Infinity, total = Infinity, pingsKeepAlive = false }: StreamTimeoutOptions,
): { readonly kind: TimeoutKind | undefined; readonly at: number | undefined; readonly seen: number } {
  let [now, heard, spoke, seen] = [0, 0, false, 0];
  for (const [wait, event] of [...steps, undefined].map((step) => step ?? ([Infinity, undefined] as const))) {
    now += wait;
    const due: [TimeoutKind, number][] = [
      spoke || firstToken === Infinity ? ['idle', heard + idle] : ['firstToken', firstToken],
      ['total', total],
    ];
    const [[kind, at]] = due.sort(([, a], [, b]) => a - b) as [[TimeoutKind, number]];
    if (at < now) return { kind, at, seen };
    if (event === undefined || isTerminal(event))
      return { kind: undefined, at: undefined, seen: steps.length };
    seen++;
    if (event.type !== 'ping' || pingsKeepAlive) heard = now;
    spoke ||= isOutput(event);
  }
  throw new Error('The last step is without an event');
}

describe('any stream', () => {
  const EVENT = fc.constantFrom<StreamEvent>(
    start,
    text,
    events.textDelta(0, ''),
    events.ping(),
    events.messageStop(),
  );
  const STEPS = fc.array(
    fc.tuple(
      fc.nat(20).map((wait) => wait * 2),
      EVENT,
    ),
  );
  const MS = fc.option(
    fc.nat(60).map((ms) => ms * 2 + 1),
    { nil: undefined },
  );
  const OPTIONS = fc.record({ firstToken: MS, idle: MS, total: MS, pingsKeepAlive: fc.boolean() });

  it('fails when and as its clocks say, and passes everything until then', () => {
    fc.assert(
      fc.property(STEPS, OPTIONS, (steps, options) => {
        const scheduler = new CountingScheduler();
        const { seen, error, at } = outcome((time) => spoken(steps, time), options, identity, scheduler);
        const expected = reckoned(steps, options);
        expect({ kind: error?.kind, at, seen: seen.length }).toEqual(expected);
        expect(seen).toEqual(steps.slice(0, expected.seen).map(([, event]) => event));
        expect(scheduler.open).toBe(0);
      }),
      { numRuns: runs(1_000), seed: 1 },
    );
  });
});

describe('a thread that is busy for longer than a clock may run', () => {
  /** Speaks from a thread of its own, every 20 ms, whatever the other one does. */
  const speaker = (said: readonly StreamEvent[]): Observable<StreamEvent> =>
    new Observable((subscriber) => {
      const worker = new Worker(
        `const { parentPort, workerData } = require('node:worker_threads');
         const timer = setInterval(() => {
           parentPort.postMessage(workerData.shift());
           if (workerData.length === 0) clearInterval(timer);
         }, 20);`,
        { eval: true, workerData: said },
      );
      worker.on('message', (event: StreamEvent) => subscriber.next(event));
      worker.on('exit', () => subscriber.complete());
      return () => void worker.terminate();
    });

  /** What comes of a stream whose reader is busy with its second event. */
  const readBusily = async (
    said: readonly StreamEvent[],
    options: StreamTimeoutOptions,
  ): Promise<{ readonly count: number; readonly error: unknown }> => {
    let count = 0;
    const read = speaker(said).pipe(
      streamTimeout(options),
      tap(() => {
        if (++count === 2) for (const begin = Date.now(); Date.now() - begin < 400;);
      }),
    );
    const error: unknown = await lastValueFrom(read).then(
      () => undefined,
      (failure: unknown) => failure,
    );
    return { count, error };
  };

  const lively = [start, ...Array.from({ length: 8 }, () => text), events.messageStop()];

  it('does not fail a healthy stream', async () => {
    expect(await readBusily(lively, { firstToken: 30_000, idle: 200 })).toEqual({
      count: lively.length,
      error: undefined,
    });
  });
});
