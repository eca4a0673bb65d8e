import { asyncScheduler, Observable, type SchedulerLike } from 'rxjs';
import { StreamError } from '../../errors/streamError.js';
import { keyOf } from '../asking.js';
import { leaseOf } from '../bounds.js';
import type { MemoryLogOptions } from '../memoryLog.js';
import { Patience } from '../patience.js';
import type { RunLog } from '../runLog.js';
import { Channels, type RedisSubscriber } from './channels.js';
import { requireClient, senderOf, type Command, type RedisClient } from './client.js';
import { openEpoch } from './opening.js';
import { Reading } from './reading.js';
import { failureOf, passes } from './refusal.js';
import { namesOf, Store } from './store.js';
import { Writing } from './writing.js';

/** More is asked of no writer. */
const MOST_ASKS = 1_000;

/** Options of {@link redisLog}. */
export interface RedisLogOptions extends MemoryLogOptions {
  /** A client of node-redis or of ioredis, 5 or 6, that is connected. It may be shared with others. */
  readonly client: RedisClient;
  /** Another connection of the same kind, which subscribes for all runs of this process: `client.duplicate()`. */
  readonly subscriber: RedisSubscriber;
  /** What the names of keys and channels begin with. Default `run:`. */
  readonly prefix?: string | undefined;
  /** How long Redis may take to answer, in ms, over all reconnections. Default 10,000. */
  readonly timeoutMs?: number | undefined;
}

/**
 * A log of runs in Redis 6.2 or later, or in Valkey: any process may write, read and stop any run.
 *
 * An entry is an `XADD` and a `PUBLISH`, sent together. All viewers in a process share one connection that subscribes, and
 * nothing asks Redis again and again. Redis may forget a run at any time, by a restart or to save memory: its readers and
 * its writer then fail with `gone` or `gap`, and none is told that the run is over.
 *
 * ```ts
 * import { createClient } from 'redis';
 * import { redisLog } from 'rxjs-llm-stream/log/redis';
 *
 * const client = await createClient({ url }).on('error', report).connect();
 * const subscriber = await client.duplicate().on('error', report).connect();
 * const log = redisLog({ client, subscriber });
 * ```
 *
 * @param options - the two connections; the lease of a writer and how long things are kept, in ms; how much is kept
 * @param scheduler - whose time it is; that of Redis passes by itself
 * @returns a log. Besides what every log fails with, it does with `network`, retryable, where Redis does not answer in
 *   `timeoutMs`, and `source` for what it refuses, such as `OOM`; the `cause` is what the client said
 * @throws TypeError, when it is called, where one of the two is no client
 */
export function redisLog(options: RedisLogOptions, scheduler: SchedulerLike = asyncScheduler): RunLog {
  const { client, subscriber, prefix = 'run:', timeoutMs = 10_000, leaseMs = 30_000 } = options;
  const { limits = {}, keep: { ms = 3_600_000, entries: keepEntries = Infinity } = {} } = options;
  // Redis counts in whole ms.
  const keepMs = Math.ceil(ms);
  const patience = new Patience('Redis', timeoutMs, scheduler, passes);
  const store = new Store(senderOf(client), patience);
  requireClient('subscriber', subscriber, 'subscribe');
  const channels = new Channels(subscriber, patience);

  return {
    async open(run, given = {}) {
      const names = namesOf(prefix, run);
      const rules = { leaseMs: leaseOf(given.leaseMs ?? leaseMs), keepMs, keepEntries, limits };
      const nonce = crypto.randomUUID();
      const opening = await openEpoch(store, names, rules, nonce).catch(fail);
      return new Writing(store, names, channels, rules, nonce, opening, scheduler);
    },
    read: (run, after) =>
      new Observable((subscriber) => {
        new Reading(store, namesOf(prefix, run), after, subscriber, scheduler).begin(channels);
      }),
    async ask(run, ask) {
      const { asks } = namesOf(prefix, run);
      const text = JSON.stringify(ask);
      const { sender } = store;
      const asked = await patience.of(() => sender.one(['HLEN', asks])).catch(fail);
      if (Number(asked) >= MOST_ASKS && 'approve' in ask)
        throw new StreamError('limit', `More than ${MOST_ASKS} things are asked of a run`);
      await patience
        .of(() =>
          sender.atomic(
            ['HSET', asks, keyOf(ask), text],
            ...(Number.isFinite(keepMs) ? [['PEXPIRE', asks, String(keepMs)] satisfies Command] : []),
            ['PUBLISH', asks, text],
          ),
        )
        .catch(fail);
    },
  };
}

function fail(error: unknown): never {
  throw failureOf(error);
}
