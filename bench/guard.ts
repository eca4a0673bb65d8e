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
const TRIES = 5;

type Recorded = Record<string, Record<string, number>>;

const { values: flags } = parseArgs({ options: { write: { type: 'boolean', default: false } } });
const file = new URL('recorded.json', import.meta.url);
const recorded = JSON.parse(readFileSync(file, 'utf8')) as Recorded;
const [major = ''] = process.versions.node.split('.');
const limits = recorded[major] ?? {};
const children = new Children(await buildChild('measure', 'measure.ts'));
const measured: Record<string, number> = {};
for (const [workload, rounds, pipelines] of ROWS) {
  /** What disturbs a process only adds to its time, and a machine may be slow for a while: so the least of all tries counts. */
  const least: Record<string, number> = {};
  for (let count = 0; count < TRIES; count++) {
    for (let pair = 0; pair < PAIRS; pair++) {
      for (const pipeline of [WHOLE_FLOOR, ...pipelines]) {
        const time = await children.measure({ kind: 'whole', pipeline, workload, rounds });
        least[pipeline] = Math.min(least[pipeline] ?? Infinity, time);
      }
    }
    for (const pipeline of pipelines)
      measured[nameOf(pipeline, workload)] = (least[pipeline] ?? NaN) / (least[WHOLE_FLOOR] ?? NaN);
    if (!flags.write && pipelines.every((pipeline) => isHeld(nameOf(pipeline, workload)))) break;
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
