import { StreamError } from '../errors/streamError.js';
import type { StreamEvent } from '../events/event.js';
import { LONGEST_TIMER } from '../fold/pace/retryWait.js';
import type { Outcome } from './runLog.js';

/** @throws TypeError, which names the call, for what is no id of a run: all that forget theirs would share one */
export function requireRun(call: string, run: unknown): void {
  if (typeof run === 'string' && run !== '') return;
  const given = run === '' ? "''" : String(run);
  throw new TypeError(`${call}() takes the id of a run, such as crypto.randomUUID(), not ${given}`);
}

/** The failure of a reader of a run that is not there. */
export function gone(run: string): StreamError<'gone'> {
  return new StreamError('gone', `The run "${run}" is not there, or not any more`);
}

/** The failure of a reader whose writer is silent for longer than its lease, in ms where it is known. */
export function abandoned(leaseMs: number | undefined): StreamError<'abandoned'> {
  const time = leaseMs === undefined ? 'longer than its writer may be silent' : `${leaseMs} ms`;
  return new StreamError('abandoned', `Nobody has written to the run for ${time}`, { retryable: true });
}

/**
 * A lease that can be written down and waited for: neither JSON nor Redis knows `Infinity`.
 *
 * @param ms - as it was asked for
 */
export function leaseOf(ms: number): number {
  return Math.min(ms, LONGEST_TIMER);
}

/** The failure of a writer that another one has replaced. */
export function fencedOff(epoch: number, open: number): StreamError<'protocol'> {
  return new StreamError(
    'protocol',
    `The writer of epoch ${epoch} is fenced off: epoch ${open} of the run is open`,
  );
}

/** The failure of a writer of a run that is over. */
export function ended(outcome: Outcome): StreamError<'protocol'> {
  return new StreamError('protocol', `The run has ended (${outcome}) and takes no more`);
}

/**
 * The JSON of the events of an entry.
 *
 * @throws StreamError `source` for what JSON cannot hold, such as a BigInt
 */
export function jsonOf(events: readonly StreamEvent[]): string {
  try {
    return JSON.stringify(events);
  } catch (cause) {
    throw new StreamError('source', 'The events of an entry have to be JSON: see the cause', { cause });
  }
}

/** How long one run may be. */
export interface RunLimits {
  /** The most entries of a run. Default 100,000. */
  readonly entries?: number | undefined;
  /** The most UTF-16 units of the JSON of its events. Default 64 Mi. */
  readonly bytes?: number | undefined;
}

/**
 * Holds a run to its limits.
 *
 * @param limits - what it may have at most
 * @param entries - how many it has with the one that is to come
 * @param chars - how many UTF-16 units of JSON it has with it
 * @throws StreamError `limit`
 */
export function checkLimits(limits: RunLimits, entries: number, chars: number): void {
  const { entries: mostEntries = 100_000, bytes = 2 ** 26 } = limits;
  if (entries > mostEntries)
    throw new StreamError('limit', `A run has more than ${mostEntries} entries (limit: entries)`);
  if (chars > bytes) throw new StreamError('limit', `A run has more than ${bytes} characters (limit: bytes)`);
}
