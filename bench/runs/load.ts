import type { CarrierName } from './subjects.js';

/** What a child is told. */
export interface Job {
  readonly role: 'writer' | 'viewer';
  readonly carrier: CarrierName;
  readonly port: number;
  readonly runs: number;
  /** Where the peers are installed. */
  readonly peers: string;
}

/** How fast each run is written: events a second. */
export const RATE = 50;

/** What is written before anything is measured, and then while it is, in s: compilers take their time. */
export const WARM_UP = 4;
export const MEASURED = 10;

/** What a writer says of its work. */
export interface WriterResult {
  /** Events of all runs, the warm-up in them. */
  readonly events: number;
  /** How much later than it was due an event was made, in µs: the 99th of a hundred. */
  readonly late: number;
  /** From when to when is measured, in µs. */
  readonly from: number;
  readonly until: number;
  /** CPU time of the process in µs, over all events. */
  readonly cpu: number;
}

/** What a viewer says of what came to it. */
export interface ViewerResult {
  /** Events made while it was measured. */
  readonly seen: number;
  /** From when an event was made to when it was seen, in µs. */
  readonly p50: number;
  readonly p99: number;
  readonly cpu: number;
}
