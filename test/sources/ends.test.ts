import { getEventListeners } from 'node:events';
import { concat, lastValueFrom, NEVER, of, Subject, take, takeWhile, type OperatorFunction } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { anthropic } from '../../src/codecs/anthropic/codec.js';
import type { StreamEvent } from '../../src/events/event.js';
import * as events from '../../src/events/make.js';
import { toMessage } from '../../src/operators/toMessage.js';
import { untilTerminal } from '../../src/operators/untilTerminal.js';
import { fromBytes } from '../../src/sources/fromBytes.js';
import type { DrainLimits } from '../../src/sources/limits.js';
import { streamEvents } from '../../src/sources/streamEvents.js';
import { streamMessages } from '../../src/sources/streamMessages.js';
import { ANSWER, answerWhole, beginStream, closeLoopbacks, loopback, wire } from './loopback.js';
import { outcomeOf } from './outcome.js';

afterEach(closeLoopbacks);

/** Lets everything happen that is under way in this process, so that a connection is free for the next request. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
}

describe('a hundred whole answers', () => {
  it.each<[string, OperatorFunction<StreamEvent, unknown>]>([
    ['untilTerminal', untilTerminal()],
    ['take', take(ANSWER.length)],
    ['takeWhile', takeWhile(({ type }) => type !== 'message_stop', true)],
  ])('left by %s have a hundred whole ends at the server, on one connection', async (_, until) => {
    const server = await loopback(answerWhole);
    for (let nth = 0; nth < 100; nth++) {
      await lastValueFrom(streamEvents(server.url, { codec: anthropic }).pipe(until));
      expect(await server.last.cutOff).toBe(false);
      await settled();
    }
    expect(server.exchanges).toHaveLength(100);
    expect(new Set(server.exchanges.map(({ request }) => request.socket)).size).toBe(1);
  });

  it('have as many, where each ends with an error event', async () => {
    const overloaded = events.error('overloaded_error', 'Overloaded');
    const server = await loopback((exchange) => {
      beginStream(exchange, ...ANSWER.slice(0, 2), overloaded);
      exchange.response.end();
    });
    for (let nth = 0; nth < 100; nth++) {
      const source = streamEvents(server.url, { codec: anthropic }).pipe(untilTerminal(), toMessage());
      expect((await outcomeOf(source)).error).toMatchObject({ code: 'api' });
      expect(await server.last.cutOff).toBe(false);
    }
  });
});

describe('an answer whose terminal event has come', () => {
  it('is complete at once, and runs out behind that', async () => {
    let end = (): void => undefined;
    const server = await loopback((exchange) => {
      beginStream(exchange, ...ANSWER);
      end = () => exchange.response.end(': the end\n\n');
    });
    expect(await outcomeOf(streamEvents(server.url, { codec: anthropic }).pipe(untilTerminal()))).toEqual({
      values: ANSWER,
    });
    end();
    expect(await server.last.cutOff).toBe(false);
  });

  it.each<[string, DrainLimits | undefined]>([
    ['that does not come, after 250 ms', undefined],
    ['that does not come, at once where the caller says so', { ms: 0 }],
  ])('is cut off from a rest %s', async (_, drain) => {
    const server = await loopback((exchange) => beginStream(exchange, ...ANSWER));
    await outcomeOf(streamEvents(server.url, { codec: anthropic, drain }).pipe(untilTerminal()));
    expect(await server.last.cutOff).toBe(true);
  });

  it('is cut off from a rest that is too long', async () => {
    const server = await loopback(async (exchange) => {
      beginStream(exchange, ...ANSWER);
      while (!exchange.response.destroyed) {
        exchange.response.write(': '.padEnd(10_000, 'x'));
        await new Promise((resolve) => setImmediate(resolve));
      }
    });
    const drain = { ms: 60_000 };
    await outcomeOf(streamEvents(server.url, { codec: anthropic, drain }).pipe(untilTerminal()));
    expect(await server.last.cutOff).toBe(true);
  });

  it('is cut off at once where another message had begun', async () => {
    const server = await loopback((exchange) => beginStream(exchange, ...ANSWER, ...ANSWER.slice(0, 2)));
    const drain = { ms: 60_000 };
    await outcomeOf(streamEvents(server.url, { codec: anthropic, drain }).pipe(take(ANSWER.length + 1)));
    expect(await server.last.cutOff).toBe(true);
  });

  it.each<[string, DrainLimits, number, number]>([
    ['by default', {}, 250, 64 * 1024],
    ['as long as the caller says', { ms: 40, bytes: 100 }, 40, 100],
  ])('lets its source speak on, unheard, %s', (_, drain, ms, bytes) => {
    const scheduler = new TestScheduler(() => undefined);
    scheduler.run(({ flush }) => {
      const late: number[] = [];
      const left = fromBytes(concat(of(wire(...ANSWER)), NEVER), { codec: anthropic, drain });
      left.pipe(untilTerminal()).subscribe({ complete: () => late.push(scheduler.now()) });
      const chunks = new Subject<string>();
      const heard: StreamEvent[] = [];
      fromBytes(chunks, { codec: anthropic, drain })
        .pipe(untilTerminal())
        .subscribe((event) => heard.push(event));
      chunks.next(wire(...ANSWER));
      expect(chunks.observed).toBe(true);
      chunks.next('x'.repeat(bytes - 1));
      expect(chunks.observed).toBe(true);
      chunks.next('x');
      expect(chunks.observed).toBe(false);
      expect(heard).toEqual(ANSWER);
      flush();
      expect([...late, scheduler.now()]).toEqual([0, ms]);
    });
  });

  it.each([2 ** 31, Infinity])('runs out for %p ms with a timer that the platform can hold', (ms) => {
    const timers = vi.spyOn(globalThis, 'setInterval');
    const chunks = new Subject<string>();
    const reading = fromBytes(chunks, { codec: anthropic, drain: { ms } }).pipe(untilTerminal()).subscribe();
    chunks.next(wire(...ANSWER));
    const waits = timers.mock.calls.map(([, wait]) => wait);
    timers.mockRestore();
    // A longer one would end at once.
    expect(waits).toEqual([2 ** 31 - 1]);
    chunks.complete();
    expect([reading.closed, chunks.observed]).toEqual([true, false]);
  });

  it('fails no more, whatever its source does', () => {
    for (const end of [
      (chunks: Subject<string>) => chunks.error(new Error('late')),
      (chunks: Subject<string>) => chunks.complete(),
    ]) {
      const chunks = new Subject<string>();
      const heard: string[] = [];
      fromBytes(chunks, { codec: anthropic })
        .pipe(untilTerminal())
        .subscribe({ error: () => heard.push('error'), complete: () => heard.push('complete') });
      chunks.next(wire(...ANSWER));
      end(chunks);
      expect(heard).toEqual(['complete']);
    }
  });
});

describe('one signal for a hundred requests', () => {
  const never = () => new Promise<never>(() => undefined);

  it.each<[string, (signal: AbortSignal) => ReturnType<typeof streamEvents>]>([
    [
      'streamEvents',
      (signal) => streamEvents('http://127.0.0.1/', { codec: anthropic, signal, fetch: never }),
    ],
    [
      'streamMessages',
      (signal) => streamMessages({ model: 'm', max_tokens: 1, messages: [] }, { signal, fetch: never }),
    ],
    [
      'a Request',
      (signal) =>
        streamEvents(new Request('http://127.0.0.1/', { signal }), { codec: anthropic, fetch: never }),
    ],
  ])('has one listener in %s, and none at the end', (_, open) => {
    const controller = new AbortController();
    const source = open(controller.signal);
    const before = getEventListeners(controller.signal, 'abort').length;
    let aborted = 0;
    const all = Array.from({ length: 100 }, () => source.subscribe({ error: () => void aborted++ }));
    expect(getEventListeners(controller.signal, 'abort').length).toBeLessThanOrEqual(1);
    for (const subscription of all.slice(50)) subscription.unsubscribe();
    controller.abort();
    expect(aborted).toBe(50);
    expect(getEventListeners(controller.signal, 'abort').length).toBeLessThanOrEqual(before);
  });
});
