import { ended, fencedOff, gone } from '../bounds.js';
import type { Opening } from '../entryWriter.js';
import type { Command } from './client.js';
import { isNotGreater } from './refusal.js';
import type { Names, Store } from './store.js';
import { added, markOf, type Mark, type Stored } from './stored.js';

/** How long the things of a run are kept, in ms. */
export interface Times {
  readonly leaseMs: number;
  readonly keepMs: number;
}

/** Commands that show that the writer of an epoch is alive. An entry is a sign, too, so this lasts for a third more. */
export function signs(names: Names, epoch: number, { leaseMs, keepMs }: Times): readonly Command[] {
  const commands: Command[] = [
    ['PEXPIRE', names.log, String(keepMs)],
    ['SET', names.alive(epoch), String(leaseMs), 'PX', String(Math.ceil((leaseMs * 4) / 3))],
    ['PEXPIRE', names.asks, String(keepMs)],
  ];
  return Number.isFinite(keepMs) ? commands : commands.filter(([name]) => name === 'SET');
}

/**
 * Begins an epoch of a run. Its mark stands behind everything of the epochs before it, so their writers are refused.
 *
 * @param nonce - of its writer
 * @param goesOn - the epoch of this writer that was open, where no other is to be replaced
 * @throws StreamError `protocol` for a run that has ended, or for a writer that another has replaced; `gone` for one of which
 *   nothing is left
 */
export async function openEpoch(
  store: Store,
  names: Names,
  times: Times,
  nonce: string,
  goesOn?: number,
): Promise<Opening> {
  for (let wasRefused = false; ; wasRefused = true) {
    const last = await store.last(names.log);
    // Redis refuses even what would be the first, where everything was taken out of the stream.
    if (wasRefused && last === undefined) throw gone(names.run);
    const open = last === undefined ? 0 : epochOf(last.item);
    if (last?.item.kind === 'entry' && last.item.outcome !== undefined) throw ended(last.item.outcome);
    if (goesOn !== undefined) {
      if (last === undefined) throw gone(names.run);
      if (open !== goesOn || last.item.nonce !== nonce) throw fencedOff(goesOn, open);
    }
    const epoch = open + 1;
    const mark = markOf(epoch);
    try {
      // Whoever reads hears of the new epoch before anything that an earlier writer says in vain.
      await store.patience.of(() =>
        store.sender.atomic(
          ['XADD', names.log, mark, 'd', nonce],
          ['PUBLISH', names.log, added(mark, nonce)],
          ...signs(names, epoch, times),
        ),
      );
    } catch (error) {
      // Another one has just begun it; or this one has, and did not hear of it.
      if (isNotGreater(error)) continue;
      throw error;
    }
    // What stands before the mark can no longer change.
    const before = await store.lastEntry(names.log, mark);
    if (before?.outcome !== undefined) {
      await store.patience.of(() => store.sender.one(['XDEL', names.log, mark]));
      throw ended(before.outcome);
    }
    const { entries = 0, chars = 0 } = before ?? {};
    return { epoch, before: before?.entry.id, entries, chars };
  }
}

/** The epoch that is open after an entry or a mark. */
export function epochOf(item: Stored | Mark): number {
  return item.kind === 'mark' ? item.epoch : item.at.epoch;
}
