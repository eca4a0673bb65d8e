import type { Job, Results, WorkloadName } from './job.js';
import type { Pipeline } from './pipeline.js';
import { WHOLE_FLOOR } from './whole.js';
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
  answer: () => textWorkload(2_000),
  string: () => toolWorkload(longString()),
  array: () => toolWorkload(wideArray()),
  'short string': () => toolWorkload(longString(SHORT)),
  'short array': () => toolWorkload(wideArray(SHORT)),
  blocks: () => blocksWorkload(500, 20),
};

/**
 * Runs in a child process: one job in, its result out. It loads what the job needs and no more: reading the exports of many
 * CommonJS modules keeps Node's compiler busy for some 0.3 s, in threads that may still work when the measurement has begun.
 */
async function measure(job: Job, peersFolder: string): Promise<Results[keyof Results]> {
  switch (job.kind) {
    case 'ratio': {
      const { ratioToFloor } = await import('./pair.js');
      return ratioToFloor(await pipelineOf(job.pipeline, peersFolder), WORKLOADS[job.workload](), job.effort);
    }
    case 'whole': {
      const { wholeTime } = await import('./whole.js');
      const pipeline = job.pipeline === WHOLE_FLOOR ? undefined : await pipelineOf(job.pipeline, peersFolder);
      return wholeTime(pipeline, WORKLOADS[job.workload](), job.rounds);
    }
    case 'streams':
      return (await import('./interleaved.js')).interleavedTime(job.reader, job.count);
    case 'growth': {
      const { GROWTH, growthOf } = await import('./growth.js');
      return growthOf(named(GROWTH, job.name));
    }
    case 'footprint':
      return (await import('./memory.js')).footprintOf(job.reading, job.events);
    case 'interleaved':
      return (await import('./memory.js')).interleavedFootprint();
    case 'scaling': {
      const { scalingOf } = await import('./scaling.js');
      const { SUBJECTS } = await import('./subjects.js');
      return scalingOf(named(SUBJECTS, job.subject), job.input, job.sizes, job.limits, peersFolder);
    }
    case 'reader':
      return (await import('./reader.js')).readerRatio(job.input, job.effort);
    case 'held':
      return (await import('./held.js')).heldSnapshots(job.input);
    case 'answers':
      return (await import('./protocols.js')).answersTime(job.codec, job.reader);
    case 'traced':
      return (await import('./traced.js')).tracedCost(job.tracing);
    case 'relayed':
      return (await import('./relayed.js')).relayedCost(job.gateway, peersFolder);
    case 'relayed-load':
      return (await import('./relayedLoad.js')).relayedLoad();
    case 'over-http':
      return (await import('./overHttp.js')).overHttpTime();
    case 'http-load':
      return (await import('./overHttp.js')).httpLoad();
  }
}

/** Where pipelines are, those first that load least. */
const PLACES: readonly ((peersFolder: string) => Promise<readonly Pipeline[]>)[] = [
  async () => [(await import('./floor.js')).PULLED_FLOOR],
  async () => (await import('./ours.js')).OURS,
  async () => (await import('./toolInput.js')).TOOL_INPUT,
  async () => (await import('./sdk.js')).SDK,
  async (peersFolder) => (await import('./peers.js')).loadPeers(peersFolder),
];

async function pipelineOf(name: string, peersFolder: string): Promise<Pipeline> {
  for (const load of PLACES) {
    const found = (await load(peersFolder)).find((pipeline) => pipeline.name === name);
    if (found) return found;
  }
  throw new Error(`There is no ${name} to measure`);
}

function named<T extends { readonly name: string }>(all: readonly T[], name: string): T {
  const found = all.find((one) => one.name === name);
  if (found === undefined) throw new Error(`There is no ${name} to measure`);
  return found;
}

const [job = '', peersFolder = ''] = process.argv.slice(2);
process.stdout.write(JSON.stringify(await measure(JSON.parse(job) as Job, peersFolder)));
