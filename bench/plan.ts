import { PULLED_FLOOR } from './floor.js';
import { GROWTH } from './growth.js';
import type { WorkloadName } from './job.js';
import { EVENTS, OURS, READ_SNAPSHOTS, PULLED_EVENTS, PULLED_SNAPSHOTS, SNAPSHOTS } from './ours.js';
import type { Effort } from './pair.js';
import { PEERS } from './peers.js';
import type { Pipeline } from './pipeline.js';
import { GATEWAYS, type GatewayName } from './relayed.js';
import { LARGEST, type Limits } from './scaling.js';
import { SDK } from './sdk.js';
import { PROTOCOL_NAMES } from './protocols.js';
import { FLOOR, OUR_SUBJECTS, SUBJECTS } from './subjects.js';
import { EACH_READ, SOME_READ, TOOL_INPUT } from './toolInput.js';
import { STREAMS } from './interleaved.js';
import { WHOLE, type WholeRow } from './wholeRows.js';

/** How much of everything is measured. */
export interface Plan {
  readonly effort: Effort;
  readonly rows: readonly { readonly name: string; readonly workloads: readonly WorkloadName[] }[];
  readonly growth: readonly string[];
  readonly events: number;
  readonly scaling: ScalingPlan;
  /** So many fresh processes run what is measured in whole processes, and as many the floor. */
  readonly processes: number;
  /** Whose answers are read. */
  readonly protocols: readonly string[];
  readonly gateways: readonly GatewayName[];
  /** Whether it is measured what tracing adds. */
  readonly isTraced: boolean;
  readonly whole: readonly WholeRow[];
  /** So many times a whole process reads its workload. */
  readonly wholeRounds: number;
  /** So many streams take turns. */
  readonly streams: readonly number[];
}

/** How the comparison over sizes is run. */
export interface ScalingPlan {
  readonly sizes: readonly number[];
  readonly limits: Limits;
  readonly subjects: readonly string[];
}

/** A limit on how many times the floor's CPU time a pipeline takes. */
export interface Target {
  readonly what: string;
  readonly limit: number;
  readonly pipeline: string;
  readonly workload: WorkloadName;
  /** Pipelines whose ratios are subtracted; of the pulled floor, what it has above 1. */
  readonly above?: readonly string[];
}

/** A stream's own cost depends on the version of Node; the source may add this much of F1 to it. */
const PULLING_TOLERANCE = 0.15;

/** What was promised. */
export const TARGETS: readonly Target[] = [
  { what: EVENTS, limit: 1.6, pipeline: EVENTS, workload: 'text' },
  { what: SNAPSHOTS, limit: 2, pipeline: SNAPSHOTS, workload: 'text' },
  { what: `${READ_SNAPSHOTS}, 500 blocks`, limit: 3, pipeline: READ_SNAPSHOTS, workload: 'blocks' },
  {
    what: 'what pulling adds to events',
    limit: 0.45,
    pipeline: PULLED_EVENTS,
    workload: 'text',
    above: [EVENTS],
  },
  {
    what: 'what pulling adds to snapshots',
    limit: 0.45,
    pipeline: PULLED_SNAPSHOTS,
    workload: 'text',
    above: [SNAPSHOTS],
  },
  {
    what: 'what pulling adds to events, over what it adds to F1',
    limit: PULLING_TOLERANCE,
    pipeline: PULLED_EVENTS,
    workload: 'text',
    above: [EVENTS, PULLED_FLOOR.name],
  },
  {
    what: 'what pulling adds to snapshots, over what it adds to F1',
    limit: PULLING_TOLERANCE,
    pipeline: PULLED_SNAPSHOTS,
    workload: 'text',
    above: [SNAPSHOTS, PULLED_FLOOR.name],
  },
  { what: `${EACH_READ}, one long string`, limit: 2.2, pipeline: EACH_READ, workload: 'string' },
  { what: `${EACH_READ}, a wide array`, limit: 5, pipeline: EACH_READ, workload: 'array' },
  { what: `${SOME_READ}, one long string`, limit: 2, pipeline: SOME_READ, workload: 'string' },
  { what: `${SOME_READ}, a wide array`, limit: 2, pipeline: SOME_READ, workload: 'array' },
];

const KIB = 1024;
const SIZES = [4 * KIB, 16 * KIB, 64 * KIB, 256 * KIB, LARGEST];

const FULL: Effort = { rounds: 7, milliseconds: 400 };
const QUICK: Effort = { rounds: 4, milliseconds: 500 };

/** Everything, within minutes. */
export function fullPlan(): Plan {
  return {
    effort: FULL,
    rows: [
      ...[PULLED_FLOOR, ...OURS, ...TOOL_INPUT, ...SDK].map((pipeline) => ({
        name: pipeline.name,
        workloads: workloadsOf(pipeline),
      })),
      ...PEERS.map((name) => ({ name, workloads: ['text'] as const })),
    ],
    growth: GROWTH.map(({ name }) => name),
    events: 1_000_000,
    scaling: {
      sizes: SIZES,
      limits: { enough: 400, cut: 4_000 },
      subjects: SUBJECTS.map(({ name }) => name),
    },
    processes: 3,
    protocols: PROTOCOL_NAMES,
    gateways: GATEWAYS,
    isTraced: true,
    whole: WHOLE,
    wholeRounds: 20,
    streams: STREAMS,
  };
}

/** The targets that change first, within two minutes. */
export function quickPlan(): Plan {
  const names = [...new Set(TARGETS.map(({ pipeline }) => pipeline))];
  return {
    effort: QUICK,
    rows: [
      { name: PULLED_FLOOR.name, workloads: ['text'] },
      ...names.map((name) => ({
        name,
        workloads: TARGETS.filter(({ pipeline }) => pipeline === name).map(({ workload }) => workload),
      })),
    ],
    growth: GROWTH.map(({ name }) => name).filter((_, place) => place % 7 === 0),
    events: 100_000,
    scaling: {
      sizes: SIZES.slice(-2),
      limits: { enough: 100, cut: 4_000 },
      subjects: [FLOOR, ...OUR_SUBJECTS.slice(0, 2)].map(({ name }) => name),
    },
    processes: 1,
    protocols: PROTOCOL_NAMES.slice(0, 3),
    gateways: ['bytes', 'respond'],
    isTraced: false,
    whole: WHOLE.slice(0, 2),
    wholeRounds: 20,
    streams: [100, 1_000],
  };
}

function workloadsOf({ isQuadratic, isToolOnly }: Pipeline): readonly WorkloadName[] {
  if (isToolOnly === true) return ['string', 'array'];
  return isQuadratic === true
    ? ['text', 'short string', 'short array']
    : ['text', 'string', 'array', 'blocks'];
}
