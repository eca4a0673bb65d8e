import { quantile } from './pair.js';
import { table, times, verdictOf } from './table.js';
import type { StreamReader } from './interleaved.js';
import type { WholeRow } from './wholeRows.js';

/** CPU times of whole processes, a row and the floor in turn. */
export interface WholeTimes {
  readonly row: WholeRow;
  readonly floor: readonly number[];
  readonly own: readonly number[];
}

/** How it is measured. */
export const WHOLE_METHOD = `What a user pays: the CPU time of all threads of fresh processes, the compiler's and the collector's in it, chunks pushed by a
\`Subject\`, as a multiple of that of the floor in as many processes, run in turn: 400,000 deltas or 20 MiB, \`text\` in
answers of 20,000 deltas, \`answer\` in answers of 2,000. The ratio is that of the medians; beside it the quartiles of the pairs.`;

/** How streams that take turns are measured. */
export const STREAMS_METHOD = `The CPU time of an event where so many streams take turns, each chunk a text delta, as a multiple of the floor's for as many
streams, in fresh processes; the last column is what an event costs at 1,000 streams over what it costs at 100.`;

const MOST_OVER_100 = 1.25;

/** The ratio of medians, and the quartiles of the ratios of pairs. */
export function ratioOf({ own, floor }: Pick<WholeTimes, 'own' | 'floor'>): {
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
} {
  const pairs = own.map((time, place) => time / (floor[place] ?? NaN));
  return {
    ratio: quantile(own, 0.5) / quantile(floor, 0.5),
    low: quantile(pairs, 0.25),
    high: quantile(pairs, 0.75),
  };
}

/** The table of whole processes. */
export function wholeTable(rows: readonly WholeTimes[]): string {
  const lines = rows.map((measured) => {
    const { pipeline, workload, limit } = measured.row;
    const { ratio, low, high } = ratioOf(measured);
    const target = limit === undefined ? ['', ''] : [`≤ ${limit}`, verdictOf(ratio <= limit)];
    return [
      pipeline,
      workload,
      target[0] ?? '',
      times(ratio),
      `${times(low)} to ${times(high)}`,
      target[1] ?? '',
    ];
  });
  return table(['', 'workload', 'target', '× F1', 'quartiles of the pairs', ''], lines);
}

/** The table of streams that take turns. */
export function streamsTable(rows: ReadonlyMap<StreamReader, ReadonlyMap<number, number>>): string {
  const floor = rows.get('floor');
  const counts = [...(floor?.keys() ?? [])];
  const lines = [...rows].map(([reader, costs]) => {
    const growth = (costs.get(1_000) ?? NaN) / (costs.get(100) ?? NaN);
    const cells = counts.map((count) => {
      const cost = costs.get(count) ?? NaN;
      return reader === 'floor' ? `${times(cost)} µs` : times(cost / (floor?.get(count) ?? NaN));
    });
    const verdict = reader === 'floor' ? '' : ` ${verdictOf(growth <= MOST_OVER_100)}`;
    return [reader, ...cells, times(growth) + verdict];
  });
  return table(
    ['', ...counts.map((count) => count.toLocaleString('en')), `1,000 / 100 ≤ ${MOST_OVER_100}`],
    lines,
  );
}
