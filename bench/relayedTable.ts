import { quantile } from './pair.js';
import { RELAYED_DELTAS, RELAYED_STREAMS, type GatewayName, type Relayed } from './relayed.js';
import { table, times, verdictOf } from './table.js';

/** What an event of a gateway may take of the CPU time of one that passes bytes. */
const LIMIT = 1.4;

const NAMES: Readonly<Record<GatewayName, string>> = {
  bytes: 'bytes',
  respond: 'rxjs-llm-stream',
  ai: '`ai`',
};

/** How it is measured. */
export const RELAYING = `${RELAYED_STREAMS} answers of ${RELAYED_DELTAS} text deltas at the same time, through a \`node:http\` server that is a process of its own, over
sockets; each event is a chunk, written when every client has the one before it. Beside it the same server that passes the
bytes of \`fetch\` on without a look at them, and that of the AI SDK: \`streamText\` and \`pipeUIMessageStreamToResponse\`. Ours is
\`nodeHandler\` and \`respond\` on \`streamEvents\`, with \`streamTimeout\`, \`retryBeforeOutput\` and \`accumulateMetrics\`. The CPU
time is that of all threads of fresh processes in turn, of an event in the second half of the answers, and of the whole
answers, their beginnings and the compiler's time in it. The ratio is that of the
medians; the heap is what each stream holds in the middle of its answer, the server's sockets in it.`;

/** The table of what relaying costs. */
export function relayedTable(rows: ReadonlyMap<GatewayName, readonly Relayed[]>): string {
  const median = (name: GatewayName, what: keyof Relayed): number =>
    quantile(rows.get(name)?.map((row) => row[what]) ?? [], 0.5);
  const ratio = (name: GatewayName, what: keyof Relayed): number =>
    median(name, what) / median('bytes', what);
  return table(
    ['', 'an event, × bytes', 'target', '', 'whole answers, × bytes', 'heap of a stream'],
    [...rows.keys()].map((name) => [
      NAMES[name],
      times(ratio(name, 'event')),
      ...(name === 'respond' ? [`≤ ${LIMIT}`, verdictOf(ratio(name, 'event') <= LIMIT)] : ['', '']),
      times(ratio(name, 'cpu')),
      `${(median(name, 'heap') / 1024).toFixed(1)} KiB`,
    ]),
  );
}
