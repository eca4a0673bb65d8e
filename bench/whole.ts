import { do_not_optimize } from 'mitata';
import { Subject } from 'rxjs';
import { anthropic } from '../src/anthropic.js';
import { fromBytes } from '../src/index.js';
import { loadFloor } from './floor.js';
import type { WorkloadName } from './job.js';
import { PULLED_SNAPSHOTS, PUSHED_EVENTS, PUSHED_SNAPSHOTS, snapshots } from './ours.js';
import { cpuTime } from './pair.js';
import { PEERS } from './peers.js';
import type { Pipeline } from './pipeline.js';
import { SDK } from './sdk.js';
import { EACH_READ, SOME_READ } from './toolInput.js';
import { bytesOf, messageStart, textDelta, textStart, type Workload } from './workloads.js';

/** A pipeline that whole processes run, on a workload, and how many times the floor's CPU time it may take. */
export interface WholeRow {
  readonly pipeline: string;
  readonly workload: WorkloadName;
  readonly limit?: number;
}

/** What is measured in whole processes. */
export const WHOLE: readonly WholeRow[] = [
  { pipeline: PUSHED_EVENTS, workload: 'text', limit: 0.6 },
  { pipeline: PUSHED_SNAPSHOTS, workload: 'text', limit: 1 },
  { pipeline: PUSHED_SNAPSHOTS, workload: 'string', limit: 1.6 },
  { pipeline: PUSHED_SNAPSHOTS, workload: 'array', limit: 1.6 },
  { pipeline: PUSHED_SNAPSHOTS, workload: 'blocks', limit: 2.5 },
  { pipeline: EACH_READ, workload: 'string', limit: 1.6 },
  { pipeline: SOME_READ, workload: 'array', limit: 1.6 },
  { pipeline: EACH_READ, workload: 'array', limit: 2.4 },
  { pipeline: PULLED_SNAPSHOTS, workload: 'text' },
  ...[...SDK.map(({ name }) => name), ...PEERS].map((pipeline) => ({ pipeline, workload: 'text' }) as const),
];

/** The name of the floor, as a pipeline of a whole process. */
export const WHOLE_FLOOR = 'F1';

/** What streams that grow at the same time are read with. */
export const STREAM_READERS = ['floor', 'events', 'snapshots'] as const;

/** One of {@link STREAM_READERS}. */
export type StreamReader = (typeof STREAM_READERS)[number];

/** So many streams are read at the same time. */
export const STREAMS = [1, 10, 100, 300, 1_000, 3_000] as const;

const INTERLEAVED_EVENTS = 300_000;

/**
 * The CPU time that all threads of this process spend on a workload, so many times over, in ms: with what the compiler takes
 * to know the code, as a user pays it.
 *
 * @param pipeline - what reads; none for the floor
 */
export async function wholeTime(
  pipeline: Pipeline | undefined,
  workload: Workload,
  rounds: number,
): Promise<number> {
  const startFloor = await loadFloor();
  const readFloor = (): number => {
    const floor = startFloor();
    for (const chunk of workload.chunks) floor.next(chunk);
    return floor.count;
  };
  const least = pipeline?.outputs(workload) ?? workload.events;
  let time = 0;
  for (let round = 0; round < rounds; round++)
    time += await cpuTime(() => (pipeline ? pipeline.run(workload) : readFloor()), least);
  return time;
}

/** The CPU time of an event, in µs, where so many streams take turns, each chunk a text delta. */
export async function interleavedTime(reader: StreamReader, count: number): Promise<number> {
  const startFloor = await loadFloor();
  let values = 0;
  const streams = Array.from({ length: count }, () => {
    if (reader === 'floor') return startFloor();
    const chunks = new Subject<Uint8Array>();
    const events = fromBytes(chunks, { codec: anthropic });
    const seen = (value: unknown): void => {
      do_not_optimize(value);
      values++;
    };
    if (reader === 'events') events.subscribe(seen);
    else snapshots(events).subscribe(seen);
    return chunks;
  });
  const pushToAll = (chunk: Uint8Array): void => {
    for (const stream of streams) stream.next(chunk);
  };
  pushToAll(bytesOf(messageStart()));
  pushToAll(bytesOf(textStart()));
  const deltas = Array.from({ length: 100 }, (_, place) => bytesOf(textDelta(place)));
  const rounds = Math.ceil(INTERLEAVED_EVENTS / count);
  const before = process.cpuUsage();
  for (let round = 0; round < rounds; round++) pushToAll(deltas[round % deltas.length] as Uint8Array);
  const { user, system } = process.cpuUsage(before);
  if (reader !== 'floor' && values < rounds * count) throw new Error(`Only ${values} values came out`);
  return (user + system) / (rounds * count);
}
