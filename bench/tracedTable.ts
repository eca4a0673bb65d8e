import { HTTP_DELTAS, HTTP_PACE, HTTP_STREAMS } from './overHttp.js';
import { table, verdictOf } from './table.js';
import { LONG, type TracedCost, type Tracing } from './traced.js';

/** What `traceStream` may add to the CPU time of a pipeline. */
const LIMIT = 0.01;

const NAMES: Readonly<Record<Tracing, string>> = {
  spans: 'spans',
  metrics: 'spans and metrics, without `chunkTimes`',
};

/** What tracing was measured to cost. */
export interface TracingCosts {
  /** The CPU time of an event that is read over HTTP, in µs. */
  readonly event: number;
  readonly added: ReadonlyMap<Tracing, TracedCost>;
}

/** How it is measured. */
export const TRACING = `What \`traceStream\` adds under OpenTelemetry's own SDK to the CPU time of all threads. What it adds to an answer and to an
event is measured in memory, on \`ReadableStream → message snapshots\`: answers of 1 and of ${LONG.toLocaleString('en')} text deltas, traced and not, take turns
in one process, and the median of the differences counts. The pipeline that it is a share of reads from a server in another
process: \`streamEvents\`, \`untilTerminal\` and \`accumulateMessage\` on ${HTTP_STREAMS} answers of ${HTTP_DELTAS} text deltas at the same time, a delta of each every
${HTTP_PACE} ms, each a chunk of its own; the second half of them is measured.`;

/** The table of what tracing costs. */
export function tracedTable({ event, added }: TracingCosts): string {
  const lines = [...added].map(([tracing, cost]) => {
    const share = (cost.answer / HTTP_DELTAS + cost.event) / event;
    return [
      NAMES[tracing],
      `${cost.answer.toFixed(0)} µs`,
      `${(cost.event * 1000).toFixed(0)} ns`,
      `${(share * 100).toFixed(2)} % of ${event.toFixed(1)} µs`,
      `≤ ${LIMIT * 100} %`,
      verdictOf(share <= LIMIT),
    ];
  });
  return table(['', 'to an answer', 'to an event', 'share of an event over HTTP', 'target', ''], lines);
}
