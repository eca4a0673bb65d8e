import type { Observable } from 'rxjs';
import type { ErrorEvent, StreamEvent } from '../events/event.js';
import { checkLimits, ended, jsonOf, type RunLimits } from './bounds.js';
import type { Linked, Size } from './place.js';
import { idAt } from './position.js';
import type { Ask, EntryId, Outcome, RunWriter } from './runLog.js';

/** An epoch that has begun. */
export interface Opening extends Size {
  readonly epoch: number;
  /** The last entry before it. */
  readonly before: EntryId | undefined;
}

/** An entry that is to be written. */
export interface Written extends Omit<Linked, 'at' | 'entry'> {
  readonly id: EntryId;
  readonly first: number;
  /** The JSON of its events, a list. */
  readonly events: string;
}

/**
 * Writes the entries of a run somewhere else, one after the other as they were asked for. Each names its place and its size,
 * and the first of an epoch the last one before it.
 */
export abstract class EntryWriter implements RunWriter {
  abstract readonly asks: Observable<Ask>;
  protected readonly nonce: string;
  /** The last entry that stands. */
  protected last: EntryId | undefined;
  protected outcome: Outcome | undefined;
  /** Whether something may stand, or have been said, that did not succeed: the next entry then begins an epoch of its own. */
  protected isUncertain = false;
  readonly #limits: RunLimits;
  #opening: Opening;
  #size: Size;
  #seq = 0;
  /** Settles once nothing is being written; not there while nothing is. */
  #turn: Promise<unknown> | undefined;

  constructor(nonce: string, limits: RunLimits, opening: Opening) {
    this.nonce = nonce;
    this.#limits = limits;
    this.#opening = opening;
    this.#size = opening;
    this.last = opening.before;
  }

  get epoch(): number {
    return this.#opening.epoch;
  }

  async append(events: readonly StreamEvent[]): Promise<EntryId> {
    if (events.length === 0) throw new RangeError('An entry has at least one event');
    const json = jsonOf(events);
    return await this.inTurn(() => this.#write(json, events.length));
  }

  async seal(outcome: Outcome, last?: ErrorEvent): Promise<void> {
    const json = jsonOf(last === undefined ? [] : [last]);
    await this.inTurn(() => this.#write(json, 1, outcome));
  }

  /** Settles once an entry stands; sets `isUncertain` where that is not known. */
  protected abstract stand(entry: Written): Promise<void>;

  /** Begins an epoch of its own, unless another writer has. */
  protected abstract open(): Promise<Opening>;

  /** One after the other, as they were asked for. */
  protected inTurn<T>(step: () => Promise<T>): Promise<T> {
    const done = this.#turn ? this.#turn.then(step) : step();
    const isOver = (): void => {
      if (this.#turn === turn) this.#turn = undefined;
    };
    const turn = done.then(isOver, isOver);
    this.#turn = turn;
    return done;
  }

  async #write(events: string, count: number, outcome?: Outcome): Promise<EntryId> {
    if (this.outcome !== undefined) throw ended(this.outcome);
    if (this.isUncertain) await this.#beginAnew();
    const size = { entries: this.#size.entries + 1, chars: this.#size.chars + events.length };
    // A run that is too long can still be ended.
    if (outcome === undefined) checkLimits(this.#limits, size.entries, size.chars);
    const first = this.#seq;
    const id = idAt({ epoch: this.epoch, seq: first + count - 1 });
    const before = first === 0 ? this.#opening.before : undefined;
    await this.stand({ id, first, nonce: this.nonce, before, outcome, ...size, events });
    this.#seq += count;
    this.#size = size;
    this.last = id;
    this.outcome = outcome;
    return id;
  }

  async #beginAnew(): Promise<void> {
    this.#opening = await this.open();
    this.#size = this.#opening;
    this.isUncertain = false;
    this.#seq = 0;
    this.last = this.#opening.before;
  }
}
