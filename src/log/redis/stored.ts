import { StreamError } from '../../errors/streamError.js';
import type { StreamEvent } from '../../events/event.js';
import type { Linked } from '../place.js';
import { idAt, positionOf } from '../position.js';
import type { Entry, EntryId, Outcome } from '../runLog.js';

/**
 * The greatest sequence number of an id of Redis. `<epoch - 1>-<this>` marks the beginning of an epoch: no id of an earlier
 * epoch is greater, so from then on Redis refuses what an earlier writer adds.
 */
const LAST_SEQ = '18446744073709551615';

/** What stands beside the events of an entry. */
export interface Head extends Omit<Linked, 'at' | 'entry'> {
  /** The seq of its first event. */
  readonly first: number;
}

/** An entry as it stands in Redis. */
export interface Stored extends Linked {
  readonly kind: 'entry';
}

/** The beginning of an epoch, as it stands in Redis. */
export interface Mark {
  readonly kind: 'mark';
  readonly epoch: number;
  /** Of its writer. */
  readonly nonce: string;
}

/** What is said to those who read a run. */
export type Message =
  | Stored
  | Mark
  /** The writer of this epoch is alive, and this is the last that stands. */
  | { readonly kind: 'alive'; readonly epoch: number; readonly at: string }
  /** Something may have come otherwise than it was said. */
  | { readonly kind: 'look' };

/** The id of the mark that an epoch begins with. */
export function markOf(epoch: number): string {
  return `${epoch - 1}-${LAST_SEQ}`;
}

/** What a field of the stream holds: JSON, a list. */
export function textOf({ nonce, first, outcome, before, entries, chars }: Head, events: string): string {
  // Nothing but the events has anything to escape.
  return `["${nonce}",${first},${entries},${chars},"${outcome ?? ''}","${before ?? ''}",${events}]`;
}

/** What says that something was added. */
export function added(id: string, text: string): string {
  return `${id}\n${text}`;
}

/** What says that the writer of an epoch is alive. */
export function alive(epoch: number, last: string): string {
  return `alive ${epoch} ${last}`;
}

/** What says that readers have to look what stands. */
export const LOOK = 'look';

/**
 * @param id - as Redis has it
 * @param text - what the field of the entry holds
 */
export function storedOf(id: string, text: string): Stored | Mark {
  if (id.endsWith(`-${LAST_SEQ}`)) return { kind: 'mark', epoch: Number.parseInt(id) + 1, nonce: text };
  try {
    const [nonce, first, entries, chars, outcome, before, events] = JSON.parse(text) as readonly [
      string,
      number,
      number,
      number,
      Outcome | '',
      EntryId | '',
      readonly StreamEvent[],
    ];
    if (!Array.isArray(events)) throw new TypeError('It has no events');
    const at = positionOf(id);
    const entry: Entry = { id: idAt(at), first, events, ...(outcome && { outcome }) };
    const head = { nonce, entries, chars, outcome: outcome || undefined, before: before || undefined };
    return { kind: 'entry', at, ...head, entry };
  } catch (cause) {
    throw new StreamError('malformed', `The entry ${id} of the run is none that this log wrote`, {
      raw: text,
      cause,
    });
  }
}

let lastText = '';
let lastMessage: Message = { kind: 'look' };

/** What a message says. All readers of a run get the same text, which is read once. */
export function messageOf(text: string): Message {
  if (text !== lastText) {
    lastMessage = readMessage(text);
    lastText = text;
  }
  return lastMessage;
}

function readMessage(text: string): Message {
  const end = text.indexOf('\n');
  if (end !== -1) return storedOf(text.slice(0, end), text.slice(end + 1));
  const [kind, epoch, at = ''] = text.split(' ');
  return kind === 'alive' ? { kind, epoch: Number(epoch), at } : { kind: 'look' };
}
