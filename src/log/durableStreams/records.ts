import { StreamError } from '../../errors/streamError.js';
import type { StreamEvent } from '../../events/event.js';
import type { Written } from '../entryWriter.js';
import type { Linked } from '../place.js';
import { positionOf } from '../position.js';
import type { Entry, EntryId, Outcome } from '../runLog.js';

/** A writer has begun an epoch. */
export interface Opened {
  readonly kind: 'opened';
  readonly epoch: number;
  readonly leaseMs: number;
  readonly nonce: string;
}

/** What stands in the stream of a run. */
export type Record = Opened | { readonly kind: 'alive' } | (Linked & { readonly kind: 'entry' });

/** The message that begins an epoch. */
export function openedJson({ epoch, leaseMs, nonce }: Omit<Opened, 'kind'>): string {
  return JSON.stringify({ epoch, leaseMs, nonce });
}

/** The message by which a writer shows that it is alive. */
export const ALIVE = '{"alive":true}';

/** The message of an entry. */
export function entryJson({ events, ...head }: Written): string {
  return `${JSON.stringify(head).slice(0, -1)},"events":${events}}`;
}

interface EntryMessage extends Omit<Linked, 'at' | 'entry'> {
  readonly id: EntryId;
  readonly first: number;
  readonly events: readonly StreamEvent[];
}

/**
 * @param message - of a stream of JSON
 * @throws StreamError `malformed` for what this log did not write
 */
export function recordOf(message: unknown): Record {
  if (typeof message === 'object' && message !== null) {
    if ('events' in message && 'id' in message) {
      const { id, first, nonce, before, outcome, entries, chars, events } = message as EntryMessage;
      const entry: Entry = { id, first, events, ...(outcome && { outcome: outcome satisfies Outcome }) };
      return { kind: 'entry', at: positionOf(id), entry, nonce, before, outcome, entries, chars };
    }
    if ('epoch' in message) return { kind: 'opened', ...(message as Omit<Opened, 'kind'>) };
    if ('alive' in message) return { kind: 'alive' };
  }
  throw new StreamError('malformed', 'A message of the stream is none that this log wrote', {
    raw: JSON.stringify(message),
  });
}
