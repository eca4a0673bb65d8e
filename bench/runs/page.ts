import { quantile } from '../pair.js';
import { table, verdictOf } from '../table.js';
import { MEASURED, RATE, WARM_UP } from './load.js';
import type { Latency } from './measure.js';
import { CARRIER_NAMES, type CarrierName } from './subjects.js';

/** What came of a load in one round. */
export interface Cell extends Latency {
  readonly runs: number;
  readonly carrier: CarrierName;
}

/** All that was measured. */
export interface Measured {
  readonly cells: Cell[];
  /** How many runs at once, in the order of the page. */
  readonly loads: readonly number[];
  /** The load of the machine before each measurement. */
  readonly busy: number[];
}

/** What is aimed at: ms until half of the events are seen, at the greatest load, and commands for an append. */
const AIM = { p50: 1, commands: 2 } as const;

/** The one that is aimed at. */
const OURS = 'rxjs-llm-stream';

const METHOD = `How long an event takes through Redis, from the process that writes a run to a viewer in another process. Every run gets
${RATE} events a second, each a text delta of \`anthropic\` that says when it was made; all runs have one viewer each, and one
process writes all of them while another one reads them. The clock is that of the machine. Beside \`toLog\` and
\`fromLog\` on \`redisLog\`, without \`coalesce\`, the same load goes through other libraries, one after another in one run. All
have the same client, node-redis 5, and each load a fresh Redis without persistence and two fresh processes: ${WARM_UP} s
that do not count, then ${MEASURED} s that do. Each figure is the median of the rounds, and the rounds take turns.

They do not do the same:

- **XADD and PUBLISH** is the least that the others could do: the two commands and a listener, without ids, checks or an end.
- **rxjs-llm-stream** takes and gives events, writes each entry into Redis before it is shown, refuses a writer that was
  replaced, and a viewer sees every loss. What waits while an entry is written goes into the next one, so under load an
  entry holds several events.
- **resumable-stream** keeps the answer in the memory of its writer and publishes text to who listens: with the writer the
  answer is lost. It gives text, which is searched for the time and not read.
- **assistant-stream** writes bytes into a stream of Redis by a script; its viewers ask again every 100 ms where nothing is new.
  Its bytes are searched in the same way.`;

/** Above this load the machine had more to do than what is measured. */
const CALM = 2;

const BUSY = `**The machine was busy with other work**, which each measurement has to share two cores with: the figures say how the rows
behave where there is too little time, and not how fast they can be.`;

const SEEN = `*Seen* is the part of all events that had come four seconds after the last one was made: what is less than 100 % was too much
for these cores. The CPU time is that of the process that writes, the one that reads, and Redis; in the first is what makes
the load.`;

/** The page, in Markdown. */
export function page(measured: Measured): string {
  const cores = `node ${process.version}, Redis and both processes on two cores`;
  const [least, most] = [Math.min(...measured.busy), Math.max(...measured.busy)].map((load) =>
    load.toFixed(1),
  );
  const rounds = measured.cells.length / measured.loads.length / CARRIER_NAMES.length;
  return [
    '# Latency of a run',
    METHOD,
    `Rounds: ${rounds}; ${cores}. The load of the machine before a measurement was ${least} to ${most}.`,
    ...(measured.busy.some((load) => load > CALM) ? [BUSY] : []),
    '![The time to a viewer over the number of runs](latency.svg)',
    latencies(measured),
    SEEN,
    '## Commands',
    'What Redis carries out, by name and for each event, at the smallest load; what scripts call counts too.',
    commands(measured),
    '## Aims',
    aims(measured),
  ].join('\n\n');
}

/** The median of the rounds. */
export function medianOf(
  { cells }: Measured,
  runs: number,
  carrier: CarrierName,
  what: (cell: Cell) => number,
): number {
  return quantile(cells.filter((cell) => cell.runs === runs && cell.carrier === carrier).map(what), 0.5);
}

function latencies(measured: Measured): string {
  const lines = measured.loads.flatMap((runs) =>
    CARRIER_NAMES.map((carrier) => {
      const median = (what: (cell: Cell) => number): number => medianOf(measured, runs, carrier, what);
      const own = measured.cells.filter((cell) => cell.runs === runs && cell.carrier === carrier);
      const p50s = own.map(({ p50 }) => p50);
      return [
        String(runs),
        carrier === OURS ? `**${carrier}**` : carrier,
        ms(median(({ p50 }) => p50)),
        `${ms(Math.min(...p50s))} to ${ms(Math.max(...p50s))}`,
        ms(median(({ p99 }) => p99)),
        `${(median(({ seen }) => seen) * 100).toFixed(1)} %`,
        median(({ commands }) => commands).toFixed(2),
        [0, 1, 2].map((part) => median(({ cpu }) => cpu[part] ?? NaN).toFixed(0)).join(' + '),
      ];
    }),
  );
  const heads = [
    'runs',
    '',
    'p50, ms',
    'of the rounds',
    'p99, ms',
    'seen',
    'commands an event',
    'CPU an event, µs',
  ];
  return table(heads, lines);
}

function commands(measured: Measured): string {
  const [runs = 0] = measured.loads;
  const lines = CARRIER_NAMES.map((carrier) => {
    const [cell] = measured.cells.filter((cell) => cell.runs === runs && cell.carrier === carrier);
    const names = cell?.byName.filter(([, count]) => count >= 0.05) ?? [];
    return [carrier, names.map(([name, count]) => `${count.toFixed(2)} ${name.toUpperCase()}`).join(', ')];
  });
  return table(['', 'for each event'], lines);
}

function aims(measured: Measured): string {
  const runs = Math.max(...measured.loads);
  const p50 = medianOf(measured, runs, OURS, ({ p50 }) => p50) / 1_000;
  const perAppend = medianOf(measured, runs, OURS, (cell) => {
    const appends = cell.byName.find(([name]) => name === 'xadd')?.[1] ?? NaN;
    return cell.commands / appends;
  });
  return table(
    ['', 'aim', 'measured', ''],
    [
      [`p50 at ${runs} runs`, `≤ ${AIM.p50} ms`, `${p50.toFixed(2)} ms`, verdictOf(p50 <= AIM.p50)],
      // Signs of life come besides, some in a minute.
      [
        'commands an append',
        `${AIM.commands}`,
        perAppend.toFixed(2),
        verdictOf(perAppend < AIM.commands + 0.05),
      ],
    ],
  );
}

/** A time in µs, as ms. */
function ms(time: number): string {
  const value = time / 1_000;
  return value < 10 ? value.toFixed(2) : value.toFixed(0);
}
