import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Subscription } from 'rxjs';
import { Patience } from '../../src/log/patience.js';
import { durableStreamsLog } from '../../src/log/durable-streams.js';
import { redisLog } from '../../src/log/redis.js';
import type { RunLog } from '../../src/log.js';
import { Timers } from '../server/clients.js';

const closed = (): Promise<never> => Promise.reject(new Error('The connection is closed'));
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const open = (timers: Timers) => timers.actions.filter((action) => !action.closed);

describe('who waits for a server', () => {
  it('gives up where nobody waits any more, between two attempts', async () => {
    const timers = new Timers();
    const left = new Subscription();
    let tries = 0;
    const attempt = (): Promise<never> => {
      tries++;
      return closed();
    };
    const asked = new Patience('The server', 5_000, timers, () => true).until(left).of(attempt);
    await timers.awaited(20);
    left.unsubscribe();
    await expect(asked).rejects.toMatchObject({ code: 'aborted' });
    expect(open(timers)).toEqual([]);
    timers.pass(10_000);
    expect(tries).toBe(1);
  });

  it('gives up where nobody waits any more, while an attempt has no answer', async () => {
    const timers = new Timers();
    const left = new Subscription();
    const patience = new Patience('The server', 5_000, timers, () => true).until(left);
    const asked = patience.of(() => new Promise<never>(() => undefined));
    left.unsubscribe();
    await expect(asked).rejects.toMatchObject({ code: 'aborted' });
    expect(open(timers)).toEqual([]);
    await expect(patience.of(() => Promise.resolve(1))).rejects.toMatchObject({ code: 'aborted' });
  });

  it('keeps nothing of what has come in time', async () => {
    const timers = new Timers();
    const left = new Subscription();
    const patience = new Patience('The server', 5_000, timers, () => true).until(left);
    expect(await patience.of(() => Promise.resolve(1))).toBe(1);
    await Promise.resolve();
    expect(open(timers)).toEqual([]);
    left.unsubscribe();
  });

  it('has one timer for all that wait from the same moment on, and none for what came in time', async () => {
    const timers = new Timers();
    const patience = new Patience('The server', 5_000, timers, () => true);
    const never = (): Promise<never> => new Promise<never>(() => undefined);
    const ends: string[] = [];
    const wait = (name: string, answer: Promise<unknown>): void => {
      void patience
        .of(() => answer)
        .then(
          () => ends.push(`${name} came at ${timers.now()}`),
          () => ends.push(`${name} is late at ${timers.now()}`),
        );
    };
    let arrive = (): void => undefined;
    const coming = new Promise<void>((resolve) => (arrive = resolve));
    wait('a', never());
    wait('b', coming);
    wait('c', never());
    expect(open(timers)).toHaveLength(1);
    timers.pass(1_000);
    wait('d', never());
    expect(open(timers)).toHaveLength(2);
    arrive();
    await settled();
    timers.pass(4_000);
    await settled();
    expect(open(timers)).toHaveLength(1);
    timers.pass(1_000);
    await settled();
    expect(ends).toEqual(['b came at 1000', 'a is late at 5000', 'c is late at 5000', 'd is late at 6000']);
    expect(open(timers)).toEqual([]);
  });

  it('remembers nothing of those that have come', async () => {
    const patience = new Patience('The server', 5_000, new Timers(), () => true);
    const written = await (async () => {
      const text = { of: 'an entry' };
      await patience.of(() => Promise.resolve(text.of));
      return new WeakRef(text);
    })();
    await settled();
    setFlagsFromString('--expose-gc');
    (runInNewContext('gc') as () => void)();
    expect(written.deref()).toBeUndefined();
    expect(await patience.of(() => Promise.resolve(1))).toBe(1);
  });

  it('has no timer that is longer than one of the platform may be, which would end at once', () => {
    const timers = new Timers();
    void new Patience('The server', Infinity, timers, () => true).of(() => new Promise(() => undefined));
    expect(open(timers).map(({ delay }) => delay)).toEqual([2 ** 31 - 1]);
  });

  it('lets nobody join a timer that has ended, where a clock was set back', async () => {
    const timers = new Timers();
    const patience = new Patience('The server', 5_000, timers, () => true);
    const never = (): Promise<never> => new Promise<never>(() => undefined);
    const late: string[] = [];
    void patience.of(never).catch(() => {
      late.push('first');
    });
    timers.pass(5_000);
    timers.now = () => 0;
    void patience.of(never).catch(() => {
      late.push('second');
    });
    await settled();
    expect(late).toEqual(['first']);
    timers.pass(5_000);
    await settled();
    expect(late).toEqual(['first', 'second']);
  });

  const LOGS: Readonly<Record<string, (timers: Timers) => RunLog>> = {
    redisLog: (timers) => {
      const subscriber = { subscribe: closed, unsubscribe: closed, on: () => 0, off: () => 0 };
      const multi = () => ({ addCommand: () => 0, exec: closed, execAsPipeline: closed });
      return redisLog({ client: { sendCommand: closed, multi }, subscriber }, timers);
    },
    durableStreamsLog: (timers) => durableStreamsLog('http://127.0.0.1/runs', { fetch: closed }, timers),
  };

  it.each(Object.entries(LOGS))('as a reader of %s leaves no timer behind', async (_, make) => {
    const timers = new Timers();
    const errors: unknown[] = [];
    const reading = make(timers)
      .read('run')
      .subscribe({ error: (error: unknown) => errors.push(error) });
    await timers.awaited(20);
    expect(open(timers)).not.toEqual([]);
    reading.unsubscribe();
    expect(open(timers)).toEqual([]);
    timers.pass(60_000);
    expect(errors).toEqual([]);
  });
});
