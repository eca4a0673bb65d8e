import { MetricsSoFar, type StreamMetrics } from '../../src/fold/usage/streamMetrics.js';
import { isOutput } from '../../src/fold/order/output.js';
import type { Recording } from '../../src/testing/recordings/recording.js';

/** A silence: no content came between these two times. */
export interface Gap {
  readonly from: number;
  readonly to: number;
}

/** How fast a stream was. */
export interface Measures {
  /** When the first content came, in ms. */
  readonly firstOutput: number | undefined;
  /** The longest waits for the next content, the longest first. */
  readonly gaps: readonly Gap[];
  /** What `accumulateMetrics()` says at the end. */
  readonly metrics: StreamMetrics | undefined;
}

/** So many waits are told. */
const MOST_GAPS = 3;

/** Measures a recording, by what `accumulateMetrics` measures with. */
export function measured({ entries }: Recording): Measures {
  let now = 0;
  const counted = new MetricsSoFar(() => now);
  let last: number | undefined;
  let firstOutput: number | undefined;
  const gaps: Gap[] = [];
  for (const { at, event } of entries) {
    now = at;
    try {
      counted.add(event);
    } catch {
      // What is wrong with the numbers is told by the operators that read them.
      break;
    }
    if (event.lane || !isOutput(event)) continue;
    firstOutput ??= at;
    if (last !== undefined && at > last) gaps.push({ from: last, to: at });
    last = at;
  }
  gaps.sort((one, other) => other.to - other.from - (one.to - one.from));
  const longest = gaps.slice(0, MOST_GAPS);
  return { firstOutput, gaps: longest, metrics: counted.metrics };
}
