import { quantile } from './pair.js';
import { RELAYED_DELTAS, RELAYED_STREAMS, type GatewayName, type Relayed } from './relayed.js';
import { table, times, verdictOf } from './table.js';

/** What an event of a gateway may take of the CPU time of one that passes bytes. */
const LIMIT = 1.4;

/** What `traceStream` may make of the CPU time. */
const SHARE = 1.01;

const NAMES: Readonly<Record<GatewayName, string>> = {
  bytes: 'bytes',
  respond: 'rxjs-llm-stream',
  traced: 'rxjs-llm-stream, traced',
  ai: '`ai`',
};

/** How it is measured. */
export const RELAYING = `${RELAYED_STREAMS} answers of ${RELAYED_DELTAS} text deltas at the same time, through a \`node:http\` server that is a process of its own, over
sockets; each event is a chunk, written when every client has the one before it. Beside it the same server that passes the
bytes of \`fetch\` on without a look at them, and that of the AI SDK: \`streamText\` and \`pipeUIMessageStreamToResponse\`. Ours is
\`nodeHandler\` and \`respond\` on \`streamEvents\`, with \`streamTimeout\`, \`retryBeforeOutput\` and \`accumulateMetrics\`; traced with
\`traceStream\` besides, spans and metrics. The CPU time is that of all threads of fresh processes in turn, of an event in the
second half of the answers, and of the whole answers, their beginnings and the compiler's time in it. The ratio is that of the
medians; the heap is what each stream holds in the middle of its answer, the server's sockets in it.`;

/** The table of what relaying costs. */
export function relayedTable(rows: ReadonlyMap<GatewayName, readonly Relayed[]>): string {
  const median = (name: GatewayName, what: keyof Relayed): number =>
    quantile(rows.get(name)?.map((row) => row[what]) ?? [], 0.5);
  const ratio = (name: GatewayName, what: keyof Relayed): number =>
    median(name, what) / median('bytes', what);
  const share = median('traced', 'event') / median('respond', 'event');
  const targets: Partial<Record<GatewayName, readonly [string, boolean]>> = {
    respond: [`≤ ${LIMIT}`, ratio('respond', 'event') <= LIMIT],
    traced: [`≤ ${SHARE} × untraced: ${times(share)}`, share <= SHARE],
  };
  return table(
    ['', 'an event, × bytes', 'target', '', 'whole answers, × bytes', 'heap of a stream'],
    [...rows.keys()].map((name) => {
      const [target, holds] = targets[name] ?? [];
      return [
        NAMES[name],
        times(ratio(name, 'event')),
        target ?? '',
        holds === undefined ? '' : verdictOf(holds),
        times(ratio(name, 'cpu')),
        `${(median(name, 'heap') / 1024).toFixed(1)} KiB`,
      ];
    }),
  );
}
