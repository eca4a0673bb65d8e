import { loadFloor } from './floor.js';
import type { Pipeline } from './pipeline.js';
import type { Workload } from './workloads.js';

/** How long to measure: at least so many rounds, and until so many ms of CPU time are spent. */
export interface Effort {
  readonly rounds: number;
  readonly milliseconds: number;
}

/** CPU time of a pipeline as a multiple of the floor's, and how far the floor's own rounds lie apart. */
export interface Ratio {
  readonly ratio: number;
  /** The upper quartile of the floor's rounds over the lower one, less 1. */
  readonly noise: number;
}

const WARM_UP_ROUNDS = 5;

/**
 * Runs the floor and a pipeline in turn, and compares the lower quartiles of their CPU times. What disturbs a round
 * only adds to it; a disturbance that lasts falls on both.
 */
export async function ratioToFloor(
  pipeline: Pipeline,
  workload: Workload,
  { rounds, milliseconds }: Effort,
): Promise<Ratio> {
  const startFloor = await loadFloor();
  const runFloor = (): number => {
    const floor = startFloor();
    for (const chunk of workload.chunks) floor.next(chunk);
    return floor.count;
  };
  const least = pipeline.outputs(workload);
  const floorTimes: number[] = [];
  const times: number[] = [];
  for (let round = -WARM_UP_ROUNDS, spent = 0; round < rounds || spent < milliseconds; round++) {
    const floorTime = await cpuTime(runFloor, workload.events);
    const time = await cpuTime(() => pipeline.run(workload), least);
    if (round < 0) continue;
    floorTimes.push(floorTime);
    times.push(time);
    spent += floorTime + time;
  }
  const floor = quantile(floorTimes, 0.25);
  return { ratio: quantile(times, 0.25) / floor, noise: quantile(floorTimes, 0.75) / floor - 1 };
}

/**
 * The CPU time that all threads of this process spend on a run, in ms. No collection is forced before it: a full one
 * also throws away the shapes that no living object has, and the optimized code that relies on them, so that it would be
 * the compiler's time that is measured, twice the pipeline's own.
 *
 * @throws Error when the run gives fewer values than it must
 */
export async function cpuTime(run: () => number | Promise<number>, least: number): Promise<number> {
  const before = process.cpuUsage();
  const running = run();
  const count = typeof running === 'number' ? running : await running;
  const { user, system } = process.cpuUsage(before);
  if (count < least) throw new Error(`Only ${count} values came out where ${least} were expected`);
  return (user + system) / 1000;
}

/** The value below which this part of all values lies. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) * part)] ?? NaN;
}
