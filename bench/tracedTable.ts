import { quantile } from './pair.js';
import { table, verdictOf } from './table.js';
import { TRACED_ANSWERS, TRACED_DELTAS, type Tracing } from './traced.js';

/** What `traceStream` may add. */
const LIMIT = 0.01;

const NAMES: Readonly<Record<Exclude<Tracing, 'none'>, string>> = {
  spans: '`traceStream`, spans: share of CPU',
  metrics: '`traceStream`, spans and metrics: share of CPU',
};

/** How it is measured. */
export const TRACING = `What \`traceStream\` adds to \`ReadableStream → message snapshots\` under OpenTelemetry's own SDK, as a share of the CPU
time without it. Whole processes in turn: ${TRACED_ANSWERS} answers of ${TRACED_DELTAS.toLocaleString('en')} text deltas, one event a chunk, as fast as they are read, the
compiler's time and that of the SDK in it. The share is that of
the lower quartiles, because what disturbs a process only adds to it; beside it the quartiles of the pairs. Where the target
lies between those, it cannot be told from noise.`;

/** The table of what tracing costs. */
export function tracedTable(rows: ReadonlyMap<Tracing, readonly number[]>): string {
  const plain = rows.get('none') ?? [];
  const lines = (['spans', 'metrics'] as const).map((tracing) => {
    const traced = rows.get(tracing) ?? [];
    const shares = traced.map((time, place) => time / (plain[place] ?? NaN) - 1);
    const share = quantile(traced, 0.25) / quantile(plain, 0.25) - 1;
    const [low, high] = [quantile(shares, 0.25), quantile(shares, 0.75)];
    const verdict = low <= LIMIT && high > LIMIT ? 'not told from noise' : verdictOf(high <= LIMIT);
    return [
      NAMES[tracing],
      `≤ ${percent(LIMIT)}`,
      percent(share),
      `${percent(low)} to ${percent(high)}`,
      verdict,
    ];
  });
  return table(['', 'target', 'measured', 'quartiles of the pairs', ''], lines);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
