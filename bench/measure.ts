import { PULLED_FLOOR } from './floor.js';
import { growthOf, GROWTH } from './growth.js';
import { heldSnapshots } from './held.js';
import type { Job, Results, WorkloadName } from './job.js';
import { footprintOf, interleavedFootprint } from './memory.js';
import { OURS } from './ours.js';
import { httpLoad, overHttpTime } from './overHttp.js';
import { ratioToFloor } from './pair.js';
import { loadPeers, PEERS } from './peers.js';
import type { Pipeline } from './pipeline.js';
import { answersTime } from './protocols.js';
import { readerRatio } from './reader.js';
import { relayedCost } from './relayed.js';
import { relayedLoad } from './relayedLoad.js';
import { scalingOf } from './scaling.js';
import { SDK } from './sdk.js';
import { SUBJECTS } from './subjects.js';
import { TOOL_INPUT } from './toolInput.js';
import { tracedCost } from './traced.js';
import { interleavedTime, WHOLE_FLOOR, wholeTime } from './whole.js';
import {
  blocksWorkload,
  longString,
  textWorkload,
  toolWorkload,
  wideArray,
  type Workload,
} from './workloads.js';

const SHORT = 64 * 1024;

const WORKLOADS: Readonly<Record<WorkloadName, () => Workload>> = {
  text: () => textWorkload(20_000),
  string: () => toolWorkload(longString()),
  array: () => toolWorkload(wideArray()),
  'short string': () => toolWorkload(longString(SHORT)),
  'short array': () => toolWorkload(wideArray(SHORT)),
  blocks: () => blocksWorkload(500, 20),
};

/** Runs in a child process: one job in, its result out. */
async function measure(job: Job, peersFolder: string): Promise<Results[keyof Results]> {
  switch (job.kind) {
    case 'ratio':
      return ratioToFloor(await pipelineOf(job.pipeline, peersFolder), WORKLOADS[job.workload](), job.effort);
    case 'whole': {
      const pipeline = job.pipeline === WHOLE_FLOOR ? undefined : await pipelineOf(job.pipeline, peersFolder);
      return wholeTime(pipeline, WORKLOADS[job.workload](), job.rounds);
    }
    case 'streams':
      return interleavedTime(job.reader, job.count);
    case 'growth':
      return growthOf(named(GROWTH, job.name));
    case 'footprint':
      return footprintOf(job.reading, job.events);
    case 'interleaved':
      return interleavedFootprint();
    case 'scaling':
      return scalingOf(named(SUBJECTS, job.subject), job.input, job.sizes, job.limits, peersFolder);
    case 'reader':
      return readerRatio(job.input, job.effort);
    case 'held':
      return heldSnapshots(job.input);
    case 'answers':
      return answersTime(job.codec, job.reader);
    case 'traced':
      return tracedCost(job.tracing);
    case 'relayed':
      return relayedCost(job.gateway, peersFolder);
    case 'relayed-load':
      return relayedLoad();
    case 'over-http':
      return overHttpTime();
    case 'http-load':
      return httpLoad();
  }
}

async function pipelineOf(name: string, peersFolder: string): Promise<Pipeline> {
  // They are large: who does not measure them does not load them.
  const peers = PEERS.some((peer) => peer === name) ? await loadPeers(peersFolder) : [];
  return named([PULLED_FLOOR, ...OURS, ...TOOL_INPUT, ...SDK, ...peers], name);
}

function named<T extends { readonly name: string }>(all: readonly T[], name: string): T {
  const found = all.find((one) => one.name === name);
  if (found === undefined) throw new Error(`There is no ${name} to measure`);
  return found;
}

const [job = '', peersFolder = ''] = process.argv.slice(2);
process.stdout.write(JSON.stringify(await measure(JSON.parse(job) as Job, peersFolder)));
