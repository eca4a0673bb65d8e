import { quantile } from './pair.js';
import { RELAYED_DELTAS, RELAYED_STREAMS, type GatewayName, type Relayed } from './relayed.js';
import { table, times, verdictOf } from './table.js';

/** What a gateway may take of the CPU time of one that passes bytes. */
const LIMIT = 1.4;

/** What `traceStream` may make of the CPU time. */
const SHARE = 1.01;

/** How it is measured. */
export const RELAYING = `${RELAYED_STREAMS} answers of ${RELAYED_DELTAS} text deltas at the same time, through a \`node:http\` server that is a process of its own, over
sockets; each event is a chunk, written when every client has the one before it. Beside it the same server that passes the
bytes of \`fetch\` on without a look at them. Ours is \`nodeHandler\` and \`respond\` on \`streamEvents\`, with \`streamTimeout\`,
\`retryBeforeOutput\` and \`accumulateMetrics\`; traced with \`traceStream\` besides, spans and metrics. The CPU time is that of all threads of fresh processes in turn, the compiler's
in it, and the ratio that of the medians; the heap is what each stream holds in the middle of its answer, the server's
sockets in it.`;

/** The table of what relaying costs. */
export function relayedTable(rows: ReadonlyMap<GatewayName, readonly Relayed[]>): string {
  const median = (name: GatewayName, what: keyof Relayed): number =>
    quantile(rows.get(name)?.map((row) => row[what]) ?? [], 0.5);
  const ratio = median('respond', 'cpu') / median('bytes', 'cpu');
  const traced = median('traced', 'cpu') / median('bytes', 'cpu');
  const share = traced / ratio;
  const kib = (name: GatewayName): string => `${(median(name, 'heap') / 1024).toFixed(1)} KiB`;
  return table(
    ['', 'target', 'CPU time, × bytes', 'heap of a stream', ''],
    [
      ['bytes', '', '1', kib('bytes'), ''],
      [
        'respond, traced',
        `≤ ${SHARE} × respond`,
        `${times(traced)}, ${times(share)} × respond`,
        kib('traced'),
        verdictOf(share <= SHARE),
      ],
      ['respond', `≤ ${LIMIT}`, times(ratio), kib('respond'), verdictOf(ratio <= LIMIT)],
    ],
  );
}
