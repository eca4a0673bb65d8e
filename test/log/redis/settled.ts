import { asyncScheduler } from 'rxjs';
import { Channels } from '../../../src/log/redis/channels.js';
import { Patience } from '../../../src/log/patience.js';
import { passes } from '../../../src/log/redis/refusal.js';
import type { Connections } from './server.js';

/** Connections that know when nothing is under way any more. */
export interface Settled extends Connections {
  settle(): Promise<void>;
}

/** Counts what is sent and not answered yet. */
export function settled(connections: Connections): Settled {
  let sent = 0;
  let pending = 0;
  const counted = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(_, name) {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]): unknown => {
          const result: unknown = Reflect.apply(value, target, args);
          if (result === target) return result;
          if (result instanceof Promise) {
            sent++;
            pending++;
            const done = (): number => pending--;
            result.then(done, done);
            return result;
          }
          return typeof result === 'object' && result !== null ? counted(result) : result;
        };
      },
    });

  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const waiting: (() => void)[] = [];
  const fences = new Channels(connections.subscriber, new Patience('Redis', 10_000, asyncScheduler, passes));
  const isReady = new Promise<() => void>((resolve, reject) => {
    const stop = fences.listen('fence', {
      message: () => waiting.shift()?.(),
      ready: () => resolve(stop),
      lost: () => undefined,
      failed: reject,
    });
  });
  /** Settles once all has come that was said before. */
  const fence = async (): Promise<void> => {
    await isReady;
    const came = new Promise<void>((resolve) => waiting.push(resolve));
    await connections.command('PUBLISH', 'fence', '');
    await came;
  };
  return {
    ...connections,
    client: counted(connections.client),
    async settle() {
      for (let before = -1; before !== sent;) {
        before = sent;
        await fence();
        do await turn();
        while (pending > 0);
      }
    },
    async close() {
      (await isReady)();
      await connections.close();
    },
  };
}
