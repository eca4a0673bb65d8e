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
  /** What `accumulateMetrics()` says at the end. It is counted when it is asked for. */
  readonly metrics: () => StreamMetrics | undefined;
}

/** So many waits are told. */
const MOST_GAPS = 3;

/** Of nothing. */
export const UNMEASURED: Measures = { firstOutput: undefined, gaps: [], metrics: () => undefined };

/** Which entries bring content of the main agent. */
export function outputsOf({ entries }: Recording): readonly number[] {
  const outputs: number[] = [];
  for (const [nth, { event }] of entries.entries()) if (!event.lane && isOutput(event)) outputs.push(nth);
  return outputs;
}

/** Measures a recording, of which it is known where content comes. */
export function measured(recording: Recording, outputs: readonly number[]): Measures {
  const { entries } = recording;
  const gaps: Gap[] = [];
  let shortest = 0;
  for (let nth = 1; nth < outputs.length; nth++) {
    const from = entries[outputs[nth - 1] ?? 0]?.at ?? 0;
    const to = entries[outputs[nth] ?? 0]?.at ?? 0;
    if (to - from <= shortest) continue;
    gaps.push({ from, to });
    gaps.sort((one, other) => other.to - other.from - (one.to - one.from));
    if (gaps.length > MOST_GAPS) gaps.pop();
    const last = gaps[MOST_GAPS - 1];
    if (last) shortest = last.to - last.from;
  }
  return { firstOutput: entries[outputs[0] ?? -1]?.at, gaps, metrics: () => metricsOf(recording) };
}

function metricsOf({ entries }: Recording): StreamMetrics | undefined {
  let now = 0;
  const counted = new MetricsSoFar(() => now);
  for (const { at, event } of entries) {
    now = at;
    try {
      counted.add(event);
    } catch {
      // What is wrong with the numbers is told by the operators that read them.
      break;
    }
  }
  return counted.changed;
}
