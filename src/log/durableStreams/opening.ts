import { StreamError } from '../../errors/streamError.js';
import { ended, fencedOff } from '../bounds.js';
import type { Opening } from '../entryWriter.js';
import type { Linked } from '../place.js';
import { openedJson, recordOf, type Opened, type Record } from './records.js';
import { START, type Streams } from './streams.js';

/** The headers by which the server keeps the appends of an epoch in order, and refuses those of earlier ones. */
export function producer(epoch: number, seq: number): { [name: string]: string } {
  return { 'Producer-Id': 'run', 'Producer-Epoch': String(epoch), 'Producer-Seq': String(seq) };
}

/**
 * Begins an epoch of a run.
 *
 * @param nonce - of its writer
 * @param goesOn - the epoch of this writer that was open, where no other is to be replaced
 * @throws StreamError `protocol` for a run that has ended, or for a writer that another has replaced
 */
export async function openEpoch(
  streams: Streams,
  run: string,
  leaseMs: number,
  nonce: string,
  goesOn?: number,
): Promise<Opening> {
  for (let least = 1; ;) {
    const last = (await recordsOf(streams, run)).filter(isMark).at(-1);
    const open = Math.max(last?.epoch ?? 0, least - 1);
    if (goesOn !== undefined && (open !== goesOn || last?.nonce !== nonce)) throw fencedOff(goesOn, open);
    const epoch = open + 1;
    const { status, headers } = await streams.append(
      run,
      `[${openedJson({ epoch, leaseMs, nonce })}]`,
      producer(epoch, 0),
    );
    // What stands before its mark can no longer change.
    const records = await recordsOf(streams, run);
    const at = records.findIndex(
      (record) => isMark(record) && record.epoch === epoch && record.nonce === nonce,
    );
    if (at !== -1) {
      const before = records.slice(0, at).filter(isEntry).at(-1);
      const { entries = 0, chars = 0 } = before ?? {};
      return { epoch, before: before?.entry.id, entries, chars };
    }
    if (status === 409) throw lost();
    // Another one has begun this epoch, or a later one.
    if (status === 403) least = Number(headers.get('producer-epoch')) + 1;
  }
}

/** The failure of a writer whose stream the server does not go on with, though the run has not ended. */
export function lost(): StreamError<'protocol'> {
  return new StreamError('protocol', 'The server of the log has closed the run, or lost what stood in it');
}

/**
 * @returns what stands in a run
 * @throws StreamError `protocol` where the run has ended
 */
export async function recordsOf(streams: Streams, run: string): Promise<readonly Record[]> {
  const { messages } = await streams.standing(run, START);
  const records = messages.map(recordOf);
  const { outcome } = records.filter(isEntry).at(-1) ?? {};
  if (outcome !== undefined) throw ended(outcome);
  return records;
}

function isMark(record: Record): record is Opened {
  return record.kind === 'opened';
}

function isEntry(record: Record): record is Linked & { readonly kind: 'entry' } {
  return record.kind === 'entry';
}
