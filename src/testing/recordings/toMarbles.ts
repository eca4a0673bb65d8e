import type { StreamEvent } from '../../events/event.js';
import { alphabet } from '../letters/alphabet.js';
import { LetterTable } from './letterTable.js';
import { marbleRow, type TimedSymbol } from './marbleRow.js';
import { errorOf, type Recording } from './recording.js';

/** A recording as marbles: what `cold` and `toBe` of a `TestScheduler` take. */
export interface Marbles {
  /** The row, in the notation of `TestScheduler.run`. */
  readonly marbles: string;
  /** What each of its letters stands for. */
  readonly values: Readonly<Record<string, StreamEvent>>;
  /** What its `#` stands for, where it ends in one. */
  readonly error?: Error;
  /** When the subscriber left, as subscription marbles, where the recording ends by that. */
  readonly subscription?: string;
}

/** Options of {@link toMarbles}. */
export interface ToMarblesOptions {
  /** Letters to use for the events they stand for; every other event gets a letter of its own. Default: `alphabet`. */
  readonly letters?: Readonly<Record<string, StreamEvent>> | undefined;
}

/**
 * Draws a recording as marbles, with the times in between: `380ms m 9ms (op) 20ms t-c-s-(z|)`. Events of the same
 * millisecond stand in a group, equal events have the same letter.
 *
 * In the notation a group takes a frame for each of its characters. What came within that time after it is drawn right
 * behind it, a few ms late, and what follows is at its time again.
 *
 * @param recording - what {@link record} gave, or a parsed file
 * @param options - the letters
 * @returns the row and what its letters stand for
 * @throws StreamError `limit` for more different events than there are letters, some 30,000
 * @see marbleTest
 */
export function toMarbles(
  { entries, end }: Recording,
  { letters = alphabet }: ToMarblesOptions = {},
): Marbles {
  const table = new LetterTable(letters);
  const symbols = entries.map(({ at, event }): TimedSymbol => ({ at, symbol: table.letterOf(event) }));
  const last = { complete: '|', error: '#', unsubscribe: undefined }[end.end];
  if (last !== undefined) symbols.push({ at: end.at, symbol: last });
  const { marbles, frames } = marbleRow(symbols);
  return {
    marbles,
    values: table.values(),
    ...(end.end === 'error' && { error: errorOf(end.error) }),
    ...(end.end === 'unsubscribe' && { subscription: untilRow(end.at, frames) }),
  };
}

/** Leaves after the last event: within one frame, a `TestScheduler` unsubscribes before anything is emitted. */
function untilRow(at: number, frames: readonly number[]): string {
  const last = frames.at(-1) ?? -1;
  return marbleRow([
    { at: 0, symbol: '^' },
    { at: Math.max(at, last + 1), symbol: '!' },
  ]).marbles;
}
