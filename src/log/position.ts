import { StreamError } from '../errors/streamError.js';
import type { StreamEvent } from '../events/event.js';
import { COUNTED, withId } from '../events/id.js';
import type { Entry, EntryId } from './runLog.js';

/** An {@link EntryId} in numbers. */
export interface Position {
  readonly epoch: number;
  readonly seq: number;
}

/** The id of a position. */
export function idAt({ epoch, seq }: Position): EntryId {
  return `${epoch}-${seq}`;
}

let lastId: string | undefined;
let lastPosition: Position = { epoch: 0, seq: 0 };

/**
 * The id of an entry is read in several places on its way, so the last one is kept.
 *
 * @param id - an {@link EntryId}, perhaps from outside
 * @throws StreamError `gap` for what is none
 */
export function positionOf(id: string): Position {
  if (id === lastId) return lastPosition;
  const [, epoch, seq] = COUNTED.exec(id) ?? [];
  if (seq === undefined)
    throw new StreamError('gap', 'What to resume after is no id of a run, such as 1-7', { raw: id });
  lastPosition = { epoch: Number(epoch), seq: Number(seq) };
  lastId = id;
  return lastPosition;
}

/** Less than 0 where `a` stands before `b`, 0 where they are the same. */
export function compare(a: Position, b: Position): number {
  return a.epoch - b.epoch || a.seq - b.seq;
}

/**
 * The events of an entry, each with its own id.
 *
 * @param last - the id of the entry, which is that of its last event
 */
export function withIds(events: readonly StreamEvent[], last: EntryId): readonly StreamEvent[] {
  const [only] = events;
  if (only !== undefined && events.length === 1) return [withId(only, last)];
  const { epoch, seq } = positionOf(last);
  const first = seq - events.length + 1;
  return events.map((event, nth) => withId(event, idAt({ epoch, seq: first + nth })));
}

/** What of an entry comes after a position. */
export function restOf(entry: Entry, after: Position | undefined): Entry {
  const { epoch } = positionOf(entry.id);
  if (after?.epoch !== epoch || after.seq < entry.first) return entry;
  const first = after.seq + 1;
  return { ...entry, first, events: entry.events.slice(first - entry.first) };
}

/**
 * Holds a reader to the order of a run: what it gets follows what it has.
 *
 * @param after - where the reader stands; `undefined` before the first event
 * @param entry - what comes next
 * @throws StreamError `gap` where something between the two is missing
 */
export function checkFollows(after: Position | undefined, entry: Entry): void {
  const { epoch } = positionOf(entry.id);
  const isNext = after?.epoch === epoch ? entry.first === after.seq + 1 : entry.first === 0;
  if (isNext && (after?.epoch ?? 0) <= epoch) return;
  throw gap(after, `what comes next is ${epoch}-${entry.first}`);
}

/** The failure of a reader that something is missing for. */
export function gap(after: Position | undefined, why: string): StreamError<'gap'> {
  const where = after === undefined ? 'The beginning of the run' : `What follows ${idAt(after)}`;
  return new StreamError('gap', `${where} is missing: ${why}`);
}
