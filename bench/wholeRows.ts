import type { WorkloadName } from './job.js';
import { PULLED_SNAPSHOTS, PUSHED_EVENTS, PUSHED_SNAPSHOTS } from './ours.js';
import { PEERS } from './peers.js';
import { SDK } from './sdk.js';
import { EACH_READ, SOME_READ } from './toolInput.js';

/** A pipeline that whole processes run, on a workload, and how many times the floor's CPU time it may take. */
export interface WholeRow {
  readonly pipeline: string;
  readonly workload: WorkloadName;
  readonly limit?: number;
  /** How many times more often than others it is read, because it is shorter. */
  readonly times?: number;
}

/** What is measured in whole processes. */
export const WHOLE: readonly WholeRow[] = [
  { pipeline: PUSHED_EVENTS, workload: 'text', limit: 0.6 },
  { pipeline: PUSHED_SNAPSHOTS, workload: 'text', limit: 1 },
  { pipeline: PUSHED_EVENTS, workload: 'answer', limit: 0.6, times: 10 },
  { pipeline: PUSHED_SNAPSHOTS, workload: 'answer', limit: 1, times: 10 },
  { pipeline: PUSHED_SNAPSHOTS, workload: 'string', limit: 1.6 },
  { pipeline: PUSHED_SNAPSHOTS, workload: 'array', limit: 1.6 },
  { pipeline: PUSHED_SNAPSHOTS, workload: 'blocks', limit: 2.5 },
  { pipeline: EACH_READ, workload: 'string', limit: 1.6 },
  { pipeline: SOME_READ, workload: 'array', limit: 1.6 },
  { pipeline: EACH_READ, workload: 'array', limit: 2.4 },
  { pipeline: PULLED_SNAPSHOTS, workload: 'text' },
  ...[...SDK.map(({ name }) => name), ...PEERS].map((pipeline) => ({ pipeline, workload: 'text' }) as const),
];
