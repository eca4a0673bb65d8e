import { mkdir, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { buildChild } from './build.js';
import { Children, PEERS_FOLDER } from './child.js';
import type { Growth } from './growth.js';
import type { HeldSnapshots } from './held.js';
import type { WorkloadName } from './job.js';
import { JSON_PEERS } from './jsonPeers.js';
import { READINGS, type Footprint } from './memory.js';
import { quantile, type Ratio } from './pair.js';
import { arePeersInstalled, PEERS } from './peers.js';
import { draw } from './plot.js';
import { fullPlan, quickPlan, type Plan } from './plan.js';
import type { AnswerReader } from './protocols.js';
import { INPUT_NAMES, type InputName, type Point } from './scaling.js';
import type { ReaderRatio } from './reader.js';
import type { GatewayName, Relayed } from './relayed.js';
import { report, type Measurements } from './report.js';
import { STREAM_READERS, type StreamReader } from './interleaved.js';
import { WHOLE_FLOOR } from './whole.js';
import type { WholeTimes } from './wholeTable.js';
import { TRACINGS, type TracedCost, type Tracing } from './traced.js';
import type { TracingCosts } from './tracedTable.js';

/** Prints the report; `--quick` measures only what the targets need, `--write` keeps it in docs/benchmarks.md. */
const { values: flags } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, write: { type: 'boolean', default: false } },
});

const children = new Children(await buildChild('measure', 'measure.ts'));
const measured = await measureAll(flags.quick ? quickPlan() : fullPlan());
const markdown = `${report(measured)}\n`;
process.stdout.write(markdown);
if (flags.write) {
  await write('benchmarks.md', markdown);
  await write('benchmarks.svg', draw(measured.scaling));
}

async function measureAll(plan: Plan): Promise<Measurements> {
  return {
    ratios: await measureRatios(plan),
    growth: await measureGrowth(plan),
    footprints: await measureFootprints(plan),
    interleaved: await children.measure({ kind: 'interleaved' }),
    scaling: await measureScaling(plan),
    readers: await measureReaders(plan),
    held: await measureHeld(),
    answers: await measureAnswers(plan),
    traced: await measureTraced(plan),
    relayed: await measureRelayed(plan),
    whole: await measureWhole(plan),
    streams: await measureStreams(plan),
    events: plan.events,
    hasPeers: arePeersInstalled(PEERS_FOLDER),
  };
}

async function measureRatios({ rows, effort }: Plan): Promise<Map<string, Map<WorkloadName, Ratio>>> {
  const absent: readonly string[] = arePeersInstalled(PEERS_FOLDER) ? [] : PEERS;
  const ratios = new Map<string, Map<WorkloadName, Ratio>>();
  for (const { name, workloads } of rows.filter((row) => !absent.includes(row.name))) {
    const row = new Map<WorkloadName, Ratio>();
    for (const workload of workloads) {
      progress(`${name}, ${workload}`);
      row.set(workload, await children.measure({ kind: 'ratio', pipeline: name, workload, effort }));
    }
    ratios.set(name, row);
  }
  return ratios;
}

async function measureGrowth({ growth }: Plan): Promise<Map<string, Growth>> {
  const rows = new Map<string, Growth>();
  for (const name of growth) {
    progress(name);
    rows.set(name, await children.measure({ kind: 'growth', name }));
  }
  return rows;
}

async function measureFootprints({ events }: Plan): Promise<Map<string, Footprint>> {
  const rows = new Map<string, Footprint>();
  for (const reading of Object.keys(READINGS)) {
    progress(`memory of ${reading}`);
    rows.set(reading, await children.measure({ kind: 'footprint', reading, events }));
  }
  return rows;
}

async function measureScaling({ scaling }: Plan): Promise<Map<string, Map<InputName, readonly Point[]>>> {
  const { sizes, limits } = scaling;
  const absent = arePeersInstalled(PEERS_FOLDER) ? [] : JSON_PEERS.map(({ name }) => name);
  const rows = new Map<string, Map<InputName, readonly Point[]>>();
  for (const subject of scaling.subjects.filter((name) => !absent.includes(name))) {
    const row = new Map<InputName, readonly Point[]>();
    for (const input of INPUT_NAMES) {
      progress(`${subject} over sizes, ${input}`);
      row.set(input, await children.measure({ kind: 'scaling', subject, input, sizes, limits }));
    }
    rows.set(subject, row);
  }
  return rows;
}

async function measureReaders({ effort }: Plan): Promise<Map<InputName, ReaderRatio>> {
  const rows = new Map<InputName, ReaderRatio>();
  for (const input of INPUT_NAMES) {
    progress(`parser, ${input}`);
    rows.set(input, await children.measure({ kind: 'reader', input, effort }));
  }
  return rows;
}

async function measureHeld(): Promise<Map<InputName, HeldSnapshots>> {
  const rows = new Map<InputName, HeldSnapshots>();
  for (const input of INPUT_NAMES) {
    progress(`snapshots held, ${input}`);
    rows.set(input, await children.measure({ kind: 'held', input }));
  }
  return rows;
}

async function measureAnswers({ processes, protocols }: Plan): Promise<Map<string, number>> {
  const rows = new Map<string, number>();
  for (const codec of protocols) {
    progress(`answers of ${codec}`);
    const times: Record<AnswerReader, number[]> = { floor: [], message: [] };
    for (let count = 0; count < processes; count++) {
      times.floor.push(await children.measure({ kind: 'answers', codec, reader: 'floor' }));
      times.message.push(await children.measure({ kind: 'answers', codec, reader: 'message' }));
    }
    rows.set(codec, quantile(times.message, 0.5) / quantile(times.floor, 0.5));
  }
  return rows;
}

async function measureTraced({ isTraced }: Plan): Promise<TracingCosts | undefined> {
  if (!isTraced) return undefined;
  progress('an event over HTTP');
  const event = await children.measure({ kind: 'over-http' });
  const added = new Map<Tracing, TracedCost>();
  for (const tracing of TRACINGS) {
    progress(`tracing: ${tracing}`);
    added.set(tracing, await children.measure({ kind: 'traced', tracing }));
  }
  return { event, added };
}

async function measureRelayed({ processes, gateways }: Plan): Promise<Map<GatewayName, readonly Relayed[]>> {
  const present = gateways.filter((gateway) => gateway !== 'ai' || arePeersInstalled(PEERS_FOLDER));
  const rows = new Map<GatewayName, Relayed[]>(present.map((gateway) => [gateway, []]));
  for (let count = 0; count < processes; count++) {
    for (const [gateway, costs] of rows) {
      progress(`relayed: ${gateway}`);
      costs.push(await children.measure({ kind: 'relayed', gateway }));
    }
  }
  return rows;
}

async function measureWhole({ processes, whole, wholeRounds }: Plan): Promise<readonly WholeTimes[]> {
  const absent: readonly string[] = arePeersInstalled(PEERS_FOLDER) ? [] : PEERS;
  const rows: WholeTimes[] = [];
  for (const row of whole.filter(({ pipeline }) => !absent.includes(pipeline))) {
    const measured = { row, floor: [] as number[], own: [] as number[] };
    progress(`whole processes: ${row.pipeline}, ${row.workload}`);
    for (let count = 0; count < processes; count++) {
      const job = { kind: 'whole', workload: row.workload, rounds: wholeRounds * (row.times ?? 1) } as const;
      measured.floor.push(await children.measure({ ...job, pipeline: WHOLE_FLOOR }));
      measured.own.push(await children.measure({ ...job, pipeline: row.pipeline }));
    }
    rows.push(measured);
  }
  return rows;
}

async function measureStreams({ streams }: Plan): Promise<Map<StreamReader, Map<number, number>>> {
  const rows = new Map(STREAM_READERS.map((reader) => [reader, new Map<number, number>()]));
  for (const count of streams) {
    for (const [reader, costs] of rows) {
      progress(`streams that take turns: ${count}, ${reader}`);
      costs.set(count, await children.measure({ kind: 'streams', reader, count }));
    }
  }
  return rows;
}

function progress(what: string): void {
  process.stderr.write(`${what} …\n`);
}

async function write(name: string, text: string): Promise<void> {
  const docs = new URL('../docs/', import.meta.url);
  await mkdir(docs, { recursive: true });
  await writeFile(new URL(name, docs), text);
}
