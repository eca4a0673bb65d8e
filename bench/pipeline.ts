import type { Workload } from './workloads.js';

/** Something that reads a stream. */
export interface Pipeline {
  readonly name: string;
  /** @returns how many values came out */
  run(workload: Workload): number | Promise<number>;
  /** The least that must come out: a pipeline that is fast because it loses values is not measured. */
  outputs(workload: Workload): number;
  /** Whether what it gives on each delta grows with the input, so that it is measured on a short one only. */
  readonly isQuadratic?: boolean;
  /** Whether it has nothing to do for text. */
  readonly isToolOnly?: boolean;
}
