import { BEGINNING } from '../events/id.js';
import { compare, gap, idAt, positionOf, restOf, type Position } from './position.js';
import type { Entry, EntryId, Outcome } from './runLog.js';

/** How much of a run there is. */
export interface Size {
  readonly entries: number;
  /** UTF-16 units of the JSON of its events. */
  readonly chars: number;
}

/** An entry with what shows that nothing before it is missing. */
export interface Linked extends Size {
  readonly at: Position;
  readonly entry: Entry;
  readonly outcome?: Outcome | undefined;
  /** Of its writer, no other one's: a run that was lost and begun anew has the same ids again. */
  readonly nonce: string;
  /** On the first entry of an epoch: the last one before it, which the end of the epoch before could be missing without. */
  readonly before?: EntryId | undefined;
}

/** Where a reader stands in a run. */
export class Place {
  at: Position | undefined;
  /** Of the writer that it has read last. */
  #nonce: string | undefined;

  /** @param after - the id of the last event that it has */
  constructor(after: EntryId | undefined) {
    if (after !== undefined && after !== BEGINNING) this.at = positionOf(after);
  }

  /** Its id; that before the first event, where it has none. */
  get id(): EntryId {
    return this.at === undefined ? BEGINNING : idAt(this.at);
  }

  /** Whether it has an entry, and not another one with the same id. */
  has({ at, nonce }: Linked): boolean {
    const own = this.at;
    if (own === undefined || compare(at, own) > 0) return false;
    return own.epoch !== at.epoch || this.#isOf(nonce);
  }

  /** What of an entry follows what it has; `undefined` where something between the two is missing. */
  restOf({ at, before, nonce, entry }: Linked): Entry | undefined {
    const own = this.at;
    const rest = restOf(entry, own);
    const isNext =
      own?.epoch === at.epoch
        ? rest.first === own.seq + 1 && this.#isOf(nonce)
        : rest.first === 0 && before === (own && idAt(own));
    return isNext ? rest : undefined;
  }

  /**
   * Goes on to an entry.
   *
   * @returns what of it is new
   * @throws StreamError `gap` where something before it is missing
   */
  take(linked: Linked): Entry {
    const rest = this.restOf(linked);
    const { at, entry, nonce } = linked;
    if (rest === undefined) throw gap(this.at, `what comes next is ${at.epoch}-${entry.first}`);
    this.at = at;
    this.#nonce = nonce;
    return rest;
  }

  #isOf(nonce: string): boolean {
    return this.#nonce === undefined || this.#nonce === nonce;
  }
}
