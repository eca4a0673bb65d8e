import { isDeepStrictEqual } from 'node:util';
import { cpuTime, quantile } from './pair.js';
import type { Run, Subject } from './subject.js';
import { FLOOR } from './subjects.js';
import { View } from './view.js';
import { longString, toolWorkload, wideArray, type Workload } from './workloads.js';

/** What the growing tool input is. */
export type InputName = 'string' | 'array';

export const INPUT_NAMES: readonly InputName[] = ['string', 'array'];

/** The time for one size of input. */
export interface Point {
  /** Of the input's JSON, in characters. */
  readonly size: number;
  /** CPU time over that of the floor for the largest size; if the run was cut, what it took until then. */
  readonly relative: number;
  readonly isCut: boolean;
}

/** The time that runs may take, in ms of CPU. */
export interface Limits {
  /** What all runs of one size should come to. */
  readonly enough: number;
  /** After this, a run is cut. */
  readonly cut: number;
}

export const LARGEST = 1024 * 1024;

const INPUTS: Readonly<Record<InputName, (length: number) => string>> = {
  string: longString,
  array: wideArray,
};
const ROUNDS = 3;
const ROUND_MILLISECONDS = 20;
const WARM_UP_MILLISECONDS = 150;

/**
 * Measures a subject at sizes that grow, until one takes too long. Between its rounds the floor reads the largest
 * input, so that what disturbs the machine falls on both.
 *
 * @throws Error when the subject loses values, or its last one is not the input
 */
export async function scalingOf(
  subject: Subject,
  input: InputName,
  sizes: readonly number[],
  limits: Limits,
  peersFolder: string,
): Promise<readonly Point[]> {
  const run = await subject.load(peersFolder);
  const runFloor = await floorOf(input);
  const points: Point[] = [];
  await warmUp(run, toolWorkload(INPUTS[input](sizes[0] ?? 0)));
  for (const size of sizes) {
    const json = INPUTS[input](size);
    const workload = toolWorkload(json);
    const checked = await viewed(run, workload, limits.cut);
    if (!checked.view.isCut) verify(subject, checked.view, workload, json);
    const point = checked.view.isCut
      ? { size, relative: limits.cut / (await steadyTime(runFloor)), isCut: true }
      : { size, relative: await relativeTime(run, workload, checked.time, runFloor, limits), isCut: false };
    points.push(point);
    if (point.isCut) break;
  }
  return points;
}

/** Compares the lower quartiles of rounds of the subject, each of as many runs as can be timed, and of the floor. */
async function relativeTime(
  run: Run,
  workload: Workload,
  estimate: number,
  runFloor: () => Promise<number>,
  { enough, cut }: Limits,
): Promise<number> {
  const repeats = Math.max(1, Math.ceil(ROUND_MILLISECONDS / Math.max(estimate, 0.01)));
  const floorTimes = [await runFloor()];
  const times = repeats === 1 ? [estimate] : [];
  for (let spent = 0; (spent < enough || times.length < ROUNDS) && spent < cut / 2;) {
    if (times[0] !== undefined && times[0] > cut / 2) break;
    const time = await cpuTime(async () => {
      for (let count = 0; count < repeats; count++) await run(workload, new View(Infinity));
      return repeats;
    }, repeats);
    times.push(time / repeats);
    spent += time;
    floorTimes.push(await runFloor());
  }
  return quantile(times, 0.25) / quantile(floorTimes, 0.25);
}

/** The first run after much garbage pays for it, so that it takes more than one. */
async function steadyTime(run: () => Promise<number>): Promise<number> {
  const times: number[] = [];
  for (let count = 0; count < 2 * ROUNDS; count++) times.push(await run());
  return quantile(times, 0.25);
}

async function floorOf(input: InputName): Promise<() => Promise<number>> {
  const run = await FLOOR.load('');
  const workload = toolWorkload(INPUTS[input](LARGEST));
  const time = async (): Promise<number> => (await viewed(run, workload, Infinity)).time;
  await time();
  await time();
  return time;
}

async function warmUp(run: Run, workload: Workload): Promise<void> {
  for (let spent = 0; spent < WARM_UP_MILLISECONDS;) spent += (await viewed(run, workload, Infinity)).time;
}

async function viewed(run: Run, workload: Workload, limit: number): Promise<{ view: View; time: number }> {
  const view = new View(limit);
  const time = await cpuTime(async () => {
    try {
      await run(workload, view);
    } catch (error) {
      if (!view.isCut) throw error;
    }
    return 0;
  }, 0);
  return { view, time };
}

function verify({ name, shows }: Subject, view: View, { deltas }: Workload, json: string): void {
  const least = shows(deltas);
  if (least === 0) return;
  if (view.count < least) throw new Error(`${name} shows only ${view.count} values of ${deltas} deltas`);
  if (!isDeepStrictEqual(view.last, JSON.parse(json))) throw new Error(`${name} ends with another value`);
}
