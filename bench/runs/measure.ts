import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createClient } from 'redis5';
import { RedisServer } from '../../test/log/redis/server.js';
import { PEERS_FOLDER } from '../child.js';
import type { Job, ViewerResult, WriterResult } from './load.js';
import type { CarrierName, Client } from './subjects.js';

/** What came of a load. */
export interface Latency extends Pick<ViewerResult, 'p50' | 'p99'> {
  /** The part of all events that was seen. */
  readonly seen: number;
  readonly late: number;
  /** Commands that Redis carried out for each event, those of scripts and of readers in them. */
  readonly commands: number;
  /** The same by their names, the most frequent first. */
  readonly byName: readonly (readonly [name: string, count: number])[];
  /** CPU time of an event in µs: of the process that writes, the one that reads, and Redis. */
  readonly cpu: readonly [writer: number, viewer: number, redis: number];
}

/**
 * Plays a load through Redis, from a process that writes all runs to one that reads them. Redis is a fresh one.
 *
 * @param file - the built `child.ts`
 */
export async function latencyOf(file: string, carrier: CarrierName, runs: number): Promise<Latency> {
  const server = await RedisServer.start();
  const redis: Client = createClient({ url: `redis://127.0.0.1:${server.port}` });
  await redis.connect();
  const begin = (role: Job['role']): ChildProcess =>
    fork(file, [JSON.stringify({ role, carrier, port: server.port, runs, peers: PEERS_FOLDER })], {
      execArgv: [],
    });
  try {
    const writer = begin('writer');
    await said(writer);
    const viewer = begin('viewer');
    await said(viewer);
    await redis.configResetStat();
    const cpuBefore = await cpuOf(redis);
    writer.send('go');
    const written = (await said(writer)) as WriterResult;
    const byName = commandsIn(await redis.info('commandstats'));
    const cpu = (await cpuOf(redis)) - cpuBefore;
    viewer.send(written);
    const { seen, cpu: viewerCpu, ...times } = (await said(viewer)) as ViewerResult;
    writer.send('end');
    await said(writer);
    for (const child of [viewer, writer]) child.send('go');
    await Promise.all([viewer, writer].map(async (child) => child.exitCode ?? once(child, 'exit')));
    const { events, late } = written;
    return {
      ...times,
      seen: seen / events,
      late,
      commands: byName.reduce((sum, [, count]) => sum + count, 0) / events,
      byName: byName.map(([name, count]) => [name, count / events]),
      cpu: [written.cpu / events, viewerCpu / events, cpu / events],
    };
  } finally {
    redis.destroy();
    await server.close();
  }
}

/** What a child says next; it may not end without a word. */
async function said(child: ChildProcess): Promise<unknown> {
  const left = new AbortController();
  try {
    return await Promise.race([
      once(child, 'message', left).then(([what]: readonly unknown[]) => what),
      once(child, 'exit', left).then(([code]: readonly unknown[]) => {
        throw new Error(`A process ended with ${String(code)} before its time`);
      }),
    ]);
  } finally {
    left.abort();
  }
}

/** How often each command was carried out, except by who asks. */
function commandsIn(info: string): readonly (readonly [string, number])[] {
  return Array.from(
    info.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm),
    ([, name = '', calls]) => [name, Number(calls)] as const,
  )
    .filter(([name]) => !/^(info|config)/.test(name))
    .sort(([, a], [, b]) => b - a);
}

/** The CPU time that Redis has taken, in µs. */
async function cpuOf(redis: Client): Promise<number> {
  const info = await redis.info('cpu');
  const of = (name: string): number => Number(new RegExp(`^${name}:(.+)$`, 'm').exec(info)?.[1]);
  return (of('used_cpu_user') + of('used_cpu_sys')) * 1e6;
}
