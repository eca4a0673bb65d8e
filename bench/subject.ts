import type { View } from './view.js';
import type { Workload } from './workloads.js';

/** Something that shows the value of a tool input while it grows. */
export interface Subject {
  readonly name: string;
  /** How it is called, and what it shows. */
  readonly how: string;
  /** Loads what it needs. */
  load(peersFolder: string): Promise<Run>;
  /** The least that must be shown of so many deltas: nothing, if it has no values. */
  shows(deltas: number): number;
}

/** Reads a stream with one tool call, and shows each value. */
export type Run = (workload: Workload, view: View) => void | Promise<void>;

/** A delta may add nothing that is certain: the digits of a number, the first half of an escape. */
export function mostDeltas(deltas: number): number {
  return Math.floor(deltas / 2);
}
