import type { Growth } from './growth.js';
import type { HeldSnapshots } from './held.js';
import type { Footprint, Interleaved } from './memory.js';
import type { Effort, Ratio } from './pair.js';
import type { AnswerReader } from './protocols.js';
import type { ReaderRatio } from './reader.js';
import type { GatewayName, Relayed } from './relayed.js';
import type { InputName, Limits, Point } from './scaling.js';
import type { StreamReader } from './interleaved.js';
import type { TracedCost, Tracing } from './traced.js';

/** One thing to measure, in a process of its own. */
export type Job =
  | {
      readonly kind: 'ratio';
      readonly pipeline: string;
      readonly workload: WorkloadName;
      readonly effort: Effort;
    }
  | { readonly kind: 'growth'; readonly name: string }
  | { readonly kind: 'footprint'; readonly reading: string; readonly events: number }
  | { readonly kind: 'interleaved' }
  | {
      readonly kind: 'scaling';
      readonly subject: string;
      readonly input: InputName;
      readonly sizes: readonly number[];
      readonly limits: Limits;
    }
  | { readonly kind: 'reader'; readonly input: InputName; readonly effort: Effort }
  | { readonly kind: 'held'; readonly input: InputName }
  | { readonly kind: 'answers'; readonly codec: string; readonly reader: AnswerReader }
  | {
      readonly kind: 'whole';
      readonly pipeline: string;
      readonly workload: WorkloadName;
      readonly rounds: number;
    }
  | { readonly kind: 'streams'; readonly reader: StreamReader; readonly count: number }
  | { readonly kind: 'traced'; readonly tracing: Tracing }
  | { readonly kind: 'relayed'; readonly gateway: GatewayName }
  | { readonly kind: 'relayed-load' }
  | { readonly kind: 'over-http' }
  | { readonly kind: 'http-load' };

/**
 * What is read: 20,000 text deltas, or 2,000, as a long answer has; 1 MiB of tool input as one string, or as one array; the first 64 KiB of those; 500
 * blocks of 20 text deltas each.
 */
export type WorkloadName = 'text' | 'answer' | 'string' | 'array' | 'short string' | 'short array' | 'blocks';

/** What comes out of a job of each kind. */
export interface Results {
  readonly ratio: Ratio;
  readonly growth: Growth;
  readonly footprint: Footprint;
  readonly interleaved: Interleaved;
  readonly scaling: readonly Point[];
  readonly reader: ReaderRatio;
  readonly held: HeldSnapshots;
  /** CPU time in ms. */
  readonly answers: number;
  /** CPU time in ms. */
  readonly whole: number;
  /** CPU time of an event, in µs. */
  readonly streams: number;
  readonly traced: TracedCost;
  readonly relayed: Relayed;
  /** Nothing: it talks with the process that started it. */
  readonly 'relayed-load': string;
  /** CPU time of an event, in µs. */
  readonly 'over-http': number;
  /** Nothing, as well. */
  readonly 'http-load': string;
}
