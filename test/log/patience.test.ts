import { Subscription } from 'rxjs';
import { Patience } from '../../src/log/patience.js';
import { durableStreamsLog } from '../../src/log/durable-streams.js';
import { redisLog } from '../../src/log/redis.js';
import type { RunLog } from '../../src/log.js';
import { Timers } from '../server/clients.js';

const closed = (): Promise<never> => Promise.reject(new Error('The connection is closed'));
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
