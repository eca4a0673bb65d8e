/**
 * Holds the speed to what is recorded: `npm run guard` compares ratios to the floor, not times, and fails where one is beyond
 * 1.3 times the recorded one. With `--write` it records those of this version of Node in bench/recorded.json.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { buildChild } from './build.js';
import { Children } from './child.js';
import type { WorkloadName } from './job.js';
import { PUSHED_EVENTS, PUSHED_SNAPSHOTS } from './ours.js';
import { quantile } from './pair.js';
import { WHOLE_FLOOR } from './whole.js';

/** What is measured on each workload beside the floor, and how often a process reads it: the compiler warms up first. */
const ROWS: readonly (readonly [WorkloadName, number, readonly string[]])[] = [
  ['text', 20, [PUSHED_EVENTS, PUSHED_SNAPSHOTS]],
  ['string', 8, [PUSHED_SNAPSHOTS]],
  ['blocks', 8, [PUSHED_SNAPSHOTS]],
];
const MOST = 1.3;
/** So many processes of each are run in turn, and so often anew where a ratio is too high: a busy machine is no slow library. */
const PAIRS = 3;
const TRIES = 3;

type Recorded = Record<string, Record<string, number>>;

const { values: flags } = parseArgs({ options: { write: { type: 'boolean', default: false } } });
const file = new URL('recorded.json', import.meta.url);
const recorded = JSON.parse(readFileSync(file, 'utf8')) as Recorded;
const [major = ''] = process.versions.node.split('.');
const limits = recorded[major] ?? {};
const children = new Children(await buildChild('measure', 'measure.ts'));
const measured: Record<string, number> = {};
for (const [workload, rounds, pipelines] of ROWS) {
  for (let count = 0; count < TRIES; count++) {
    for (const [name, ratio] of await ratiosOf(workload, rounds, pipelines))
      measured[name] = Math.min(measured[name] ?? Infinity, ratio);
    const names = pipelines.map((pipeline) => nameOf(pipeline, workload));
    if (!flags.write && names.every(isHeld)) break;
  }
}
if (flags.write) {
  const rounded = Object.entries(measured).map(([name, ratio]) => [name, Number(ratio.toFixed(2))]);
  recorded[major] = Object.fromEntries(rounded) as Record<string, number>;
  writeFileSync(file, `${JSON.stringify(recorded, null, 2)}\n`);
}
if (recorded[major] === undefined)
  console.log(`Nothing is recorded for Node ${major}: npm run guard -- --write`);
let failed = 0;
for (const [name, ratio] of Object.entries(measured)) {
  if (!isHeld(name)) failed++;
  console.log(
    `${isHeld(name) ? 'passed' : 'FAILED'}: ${name}: ${ratio.toFixed(2)} × F1, recorded ${limits[name] ?? 'none'}`,
  );
}
console.log(`${Object.keys(measured).length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function nameOf(pipeline: string, workload: WorkloadName): string {
  return `${pipeline}, ${workload}`;
}

function isHeld(name: string): boolean {
  return flags.write || (measured[name] ?? NaN) <= (limits[name] ?? Infinity) * MOST;
}

/** The median of the ratios of pairs, by name. */
async function ratiosOf(
  workload: WorkloadName,
  rounds: number,
  pipelines: readonly string[],
): Promise<readonly (readonly [string, number])[]> {
  const ratios = new Map(pipelines.map((pipeline) => [pipeline, [] as number[]]));
  for (let count = 0; count < PAIRS; count++) {
    const floor = await timeOf(WHOLE_FLOOR);
    for (const [pipeline, own] of ratios) own.push((await timeOf(pipeline)) / floor);
  }
  return [...ratios].map(([pipeline, own]) => [nameOf(pipeline, workload), quantile(own, 0.5)]);

  function timeOf(pipeline: string): Promise<number> {
    return children.measure({ kind: 'whole', pipeline, workload, rounds });
  }
}
