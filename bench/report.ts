import { PULLED_FLOOR } from './floor.js';
import { comparison, INPUT_TITLES, type Scaling } from './comparison.js';
import { GROWTH, LINEAR, type Growth } from './growth.js';
import type { HeldSnapshots } from './held.js';
import type { WorkloadName } from './job.js';
import type { Footprint, Interleaved } from './memory.js';
import type { Ratio } from './pair.js';
import { TARGETS, type Target } from './plan.js';
import { ANSWER_DELTAS, ANSWERS } from './protocols.js';
import type { ReaderRatio } from './reader.js';
import { INPUT_NAMES, LARGEST, type InputName, type Point } from './scaling.js';
import type { GatewayName, Relayed } from './relayed.js';
import { relayedTable, RELAYING } from './relayedTable.js';
import { OUR_SUBJECTS } from './subjects.js';
import { table, times, verdictOf } from './table.js';
import type { StreamReader } from './interleaved.js';
import { STREAMS_METHOD, streamsTable, WHOLE_METHOD, wholeTable, type WholeTimes } from './wholeTable.js';
import { tracedTable, TRACING, type TracingCosts } from './tracedTable.js';

/** Everything that was measured. */
export interface Measurements {
  readonly ratios: ReadonlyMap<string, ReadonlyMap<WorkloadName, Ratio>>;
  readonly growth: ReadonlyMap<string, Growth>;
  readonly footprints: ReadonlyMap<string, Footprint>;
  readonly interleaved: Interleaved;
  readonly scaling: Scaling;
  readonly readers: ReadonlyMap<InputName, ReaderRatio>;
  readonly held: ReadonlyMap<InputName, HeldSnapshots>;
  /** The answers of each protocol, as multiples of its own floor. */
  readonly answers: ReadonlyMap<string, number>;
  readonly traced: TracingCosts | undefined;
  /** What each gateway costs, the processes of one place one after another. */
  readonly relayed: ReadonlyMap<GatewayName, readonly Relayed[]>;
  readonly whole: readonly WholeTimes[];
  readonly streams: ReadonlyMap<StreamReader, ReadonlyMap<number, number>>;
  readonly events: number;
  readonly hasPeers: boolean;
}

const COLUMNS: readonly (readonly [WorkloadName, WorkloadName?])[] = [
  ['text'],
  ['string', 'short string'],
  ['array', 'short array'],
  ['blocks'],
];

const MEBIBYTE = 1024 * 1024;
const LIMITS = {
  peak: 2,
  perStream: 100 * 1024,
  growthPerEvent: 4,
  fourfold: 5,
  reader: 4,
  held: 30 * MEBIBYTE,
  answers: 2,
};

const METHOD = `All figures are multiples of the floor F1, measured in the same process in the same minutes: \`TextDecoder\`,
\`eventsource-parser\` and \`JSON.parse\`, nothing else, on the same chunks in memory, one event a chunk. Each row is a fresh
child process, so that what one pipeline taught the compiler does not slow another; it runs the built package, the floor
and the pipeline in turn, and compares the lower quartiles of the CPU time of all threads. The floor has a copy of the
parser of its own. The collector has one thread, because on a busy machine helper threads spin, and no collection is
forced between runs: a full one also discards shapes without living objects and the optimized code that relies on
them, and what follows would be the compiler's time. Each run's number of values is checked.`;

const OTHER_PROTOCOLS = `Bytes to the finished message, pushed by a \`Subject\`, as a multiple of the floor of the protocol's own framing:
\`TextDecoder\`, \`eventsource-parser\` or a split into lines or AWS's reader of frames, and \`JSON.parse\` of each event. Each
figure is of whole processes, the compiler's time in it: ${ANSWERS} answers of ${ANSWER_DELTAS.toLocaleString('en')} text deltas, written by the codec's encoder and cut into
chunks as a network cuts them; the median of fresh processes over that of as many of the floor, run in turn.`;

/** The report, in Markdown. */
export function report(measured: Measurements): string {
  return [
    '# Benchmarks',
    METHOD,
    noise(measured),
    '## CPU time, × F1',
    ratios(measured),
    '## Targets',
    targets(measured),
    '## Whole processes',
    WHOLE_METHOD,
    wholeTable(measured.whole),
    '## Many streams',
    STREAMS_METHOD,
    streamsTable(measured.streams),
    '## Tool input, beside other libraries',
    '![The time of each library over the size of the tool input](benchmarks.svg)',
    comparison(measured.scaling),
    '## Other protocols',
    OTHER_PROTOCOLS,
    answers(measured),
    ...(measured.traced ? ['## Tracing', TRACING, tracedTable(measured.traced)] : []),
    '## A gateway',
    RELAYING,
    relayedTable(measured.relayed),
    '## Growth with the input',
    'The CPU time for four times the input: 4 is linear, 16 a square. The exponent is the power it follows.',
    growth(measured),
    '## Memory',
    memory(measured),
  ].join('\n\n');
}

function noise({ ratios: rows }: Measurements): string {
  const all = [...rows.values()].flatMap((row) => [...row.values()]).map((ratio) => ratio.noise);
  const percent = Math.round(Math.max(...all) * 100);
  return `The machine's noise: the quartiles of the floor's own rounds lay up to ${percent} % apart (node ${process.version}).`;
}

function ratios({ ratios: rows, hasPeers }: Measurements): string {
  const heads = [
    '',
    '20,000 text deltas',
    '1 MiB tool input: one long string',
    '1 MiB: a wide array',
    '500 blocks of 20 text deltas',
  ];
  const lines = [...rows].map(([name, row]) => [
    name,
    ...COLUMNS.map(([long, short]) => {
      const ratio = row.get(long)?.ratio;
      const shortRatio = short === undefined ? undefined : row.get(short)?.ratio;
      if (ratio !== undefined) return times(ratio);
      return shortRatio === undefined ? '' : `${times(shortRatio)} (64 KiB)`;
    }),
  ]);
  const hint = hasPeers ? '' : '\n\nThe peers are not installed: `npm ci` in `bench/peers` adds their rows.';
  return table(heads, [['F1', '1', '1', '1', '1'], ...lines]) + hint;
}

function targets(measured: Measurements): string {
  const lines = TARGETS.map((target) => {
    const value = valueOf(target, measured);
    return [target.what, `≤ ${target.limit} × F1`, times(value), verdictOf(value <= target.limit)];
  });
  return table(
    ['', 'target', 'measured', ''],
    [...lines, ...fourfold(measured), ...reader(measured), ...held(measured)],
  );
}

function fourfold({ scaling }: Measurements): string[][] {
  return OUR_SUBJECTS.filter(({ name }) => scaling.has(name)).flatMap(({ name, how }) =>
    INPUT_NAMES.map((input) => {
      const points = scaling.get(name)?.get(input) ?? [];
      const factor = timeAt(points, LARGEST) / timeAt(points, LARGEST / 4);
      const what = `${how}, ${INPUT_TITLES[input]}: time(1 MiB) / time(256 KiB)`;
      return [what, `≤ ${LIMITS.fourfold}`, times(factor), verdictOf(factor <= LIMITS.fourfold)];
    }),
  );
}

function timeAt(points: readonly Point[], size: number): number {
  return points.find((point) => point.size === size)?.relative ?? NaN;
}

function reader({ readers }: Measurements): string[][] {
  return [...readers].map(([input, { unread, read, whole }]) => [
    `\`createJsonReader\`, 1 MiB in 16-character fragments, ${INPUT_TITLES[input]}`,
    `≤ ${LIMITS.reader} × \`JSON.parse\``,
    `${times(unread)}; each read ${times(read)}; in one fragment ${times(whole)}`,
    verdictOf(unread <= LIMITS.reader),
  ]);
}

function held({ held: rows }: Measurements): string[][] {
  return [...rows].map(([input, { snapshots, bytes }]) => [
    `heap for all ${snapshots.toLocaleString('en')} snapshots of 1 MiB, unread, ${INPUT_TITLES[input]}`,
    `≤ ${LIMITS.held / MEBIBYTE} MiB`,
    `${(bytes / MEBIBYTE).toFixed(1)} MiB`,
    verdictOf(bytes <= LIMITS.held),
  ]);
}

function answers({ answers: rows }: Measurements): string {
  const lines = [...rows].map(([codec, ratio]) => [
    `bytes → message, ${codec}`,
    `≤ ${LIMITS.answers} × F1`,
    times(ratio),
    verdictOf(ratio <= LIMITS.answers),
  ]);
  return table(['', 'target', 'measured', ''], lines);
}

function valueOf({ pipeline, workload, above = [] }: Target, { ratios: rows }: Measurements): number {
  const ratioOf = (name: string): number => rows.get(name)?.get(workload)?.ratio ?? NaN;
  return above.reduce(
    (value, name) => value - (name === PULLED_FLOOR.name ? ratioOf(name) - 1 : ratioOf(name)),
    ratioOf(pipeline),
  );
}

function growth({ growth: rows }: Measurements): string {
  const lines = [...rows].map(([name, { factor, exponent }]) => {
    const limit = GROWTH.find((row) => row.name === name)?.limit ?? LINEAR;
    return [name, times(factor), times(exponent), `≤ ${limit}`, verdictOf(exponent <= limit)];
  });
  return table(['', 'time(4n) / time(n)', 'exponent', 'target', ''], lines);
}

function memory({ footprints, interleaved, events }: Measurements): string {
  const floor = footprints.get('floor')?.peak ?? NaN;
  const lines = [...footprints].map(([name, { peak, early, late }]) => {
    const perEvent = (late - early) / (events * 0.9);
    return [
      name,
      times(peak / floor),
      verdictOf(peak / floor <= LIMITS.peak),
      `${((late - early) / MEBIBYTE).toFixed(2)} MiB`,
      perEvent <= LIMITS.growthPerEvent ? 'flat' : `grows, ${perEvent.toFixed(1)} bytes an event`,
    ];
  });
  const count = events.toLocaleString('en');
  const heads = [`${count} events`, 'peak, × F1', '≤ 2', 'held more at the end than after a tenth', ''];
  const perStream = `${(interleaved.heap / 1024).toFixed(1)} KiB of heap, ${(interleaved.resident / 1024).toFixed(1)} KiB resident`;
  const holds = verdictOf(interleaved.resident <= LIMITS.perStream);
  return `${table(heads, lines)}\n\nEach of 1,000 interleaved streams: ${perStream}; ≤ 100 KB ${holds}.`;
}
