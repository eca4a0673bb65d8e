import { timer, type SchedulerLike, type Subscriber, type Subscription } from 'rxjs';
import { abandoned, gone } from '../bounds.js';
import { BEGINNING, compare, gap, idAt, positionOf, restOf, type Position } from '../position.js';
import type { Entry, EntryId } from '../runLog.js';
import type { Channels } from './channels.js';
import { failureOf } from './patience.js';
import type { Names, Store } from './store.js';
import { messageOf, type Mark, type Message, type Stored } from './stored.js';

/** After so many thirds of a lease without a word a reader asks whether the writer is alive. */
const MOST_QUIET = 3;

/** So much may be said while it reads what stands; with more it reads again. */
const MOST_SAID = 1_000;

/**
 * One reader of a run. What is said on the channel it takes where it follows what it has; wherever it does not, and whenever
 * something may have been missed, it reads what stands.
 */
export class Reading {
  readonly #store: Store;
  readonly #names: Names;
  readonly #sink: Subscriber<Entry>;
  readonly #scheduler: SchedulerLike;
  #at: Position | undefined;
  /** Of the writer that it has read last. */
  #nonce: string | undefined;
  /** The greatest epoch that it knows of: what an earlier one says now, it says in vain. */
  #epoch = 0;
  /** Set while the connection is not there: what it says then stands already. */
  #isDeaf = true;
  #looking: Promise<void> | undefined;
  #looksAgain = false;
  /** What was said while it looked. */
  #said: Message[] = [];
  #leaseMs: number | undefined;
  /** How many thirds of a lease nothing was heard. */
  #quiet = 0;
  #clock: Subscription | undefined;

  constructor(store: Store, names: Names, sink: Subscriber<Entry>, scheduler: SchedulerLike) {
    this.#store = store;
    this.#names = names;
    this.#sink = sink;
    this.#scheduler = scheduler;
  }

  /** Begins to read behind an id. */
  begin(channels: Channels, after: EntryId | undefined): void {
    if (after !== undefined && after !== BEGINNING) this.#at = positionOf(after);
    this.#sink.add(
      channels.listen(this.#names.log, {
        message: (text) => this.#hear(text),
        ready: () => {
          this.#isDeaf = false;
          void this.#check();
        },
        lost: () => (this.#isDeaf = true),
        failed: (error) => this.#sink.error(error),
      }),
    );
    this.#sink.add(() => this.#clock?.unsubscribe());
  }

  #hear(text: string): void {
    if (this.#isDeaf) return;
    this.#quiet = 0;
    try {
      const message = messageOf(text);
      if (!this.#looking) this.#take(message);
      else if (this.#said.push(message) > MOST_SAID) {
        this.#said = [];
        this.#looksAgain = true;
      }
    } catch (error) {
      this.#sink.error(error);
    }
  }

  #take(message: Message): void {
    switch (message.kind) {
      case 'look':
        this.#lookAgain();
        break;
      case 'alive':
        if (message.epoch >= this.#epoch && message.at !== idAt(this.#at ?? positionOf(BEGINNING)))
          this.#lookAgain();
        break;
      case 'mark':
        // From here on, what a writer before it says comes too late. What it had written before stands.
        this.#begun(message.epoch);
        this.#lookAgain();
        break;
      case 'entry': {
        if (message.at.epoch < this.#epoch || this.#has(message)) return;
        if (this.#restOf(message) === undefined) this.#lookAgain();
        else this.#show(message, false);
      }
    }
  }

  #has({ at, nonce }: Stored): boolean {
    const own = this.#at;
    return own !== undefined && compare(at, own) <= 0 && (own.epoch !== at.epoch || nonce === this.#nonce);
  }

  #begun(epoch: number): void {
    this.#epoch = Math.max(this.#epoch, epoch);
  }

  /** Reads what stands; if the run is not over, it has a writer that is alive. */
  async #check(): Promise<void> {
    try {
      await this.#look();
      while (!this.#sink.closed) {
        const epoch = this.#epoch;
        const leaseMs = await this.#store.lease(this.#names, epoch);
        if (leaseMs !== undefined) {
          this.#awaitFor(leaseMs);
          return;
        }
        // What a writer wrote before it died has been read then.
        await this.#look();
        if (epoch === this.#epoch) throw abandoned(this.#leaseMs);
      }
    } catch (error) {
      this.#sink.error(failureOf(error));
    }
  }

  #awaitFor(leaseMs: number): void {
    if (this.#sink.closed || leaseMs === this.#leaseMs) return;
    this.#leaseMs = leaseMs;
    this.#clock?.unsubscribe();
    this.#clock = timer(leaseMs / 3, leaseMs / 3, this.#scheduler).subscribe({
      next: () => {
        if (++this.#quiet >= MOST_QUIET) void this.#check();
      },
      error: (error: unknown) => this.#sink.error(error),
    });
  }

  #lookAgain(): void {
    this.#look().catch((error: unknown) => this.#sink.error(failureOf(error)));
  }

  #look(): Promise<void> {
    this.#looksAgain = true;
    return (this.#looking ??= this.#lookAll().finally(() => (this.#looking = undefined)));
  }

  async #lookAll(): Promise<void> {
    while (this.#looksAgain && !this.#sink.closed) {
      this.#looksAgain = false;
      await this.#catchUp();
      for (const message of this.#said.splice(0)) this.#take(message);
    }
  }

  async #catchUp(): Promise<void> {
    let from: string | undefined = this.#at && idAt(this.#at);
    let held: Stored | undefined;
    let isEmpty = true;
    do {
      const { items, next } = await this.#store.after(this.#names.log, from);
      for (const item of items) {
        isEmpty = false;
        if (item.kind === 'mark') this.#begun(item.epoch);
        else {
          if (held) this.#show(held, true);
          held = item;
        }
      }
      from = next;
    } while (from !== undefined && !this.#sink.closed);
    if (held) this.#show(held, false);
    if (isEmpty && !this.#sink.closed) await this.#checkEnd();
  }

  /** Where nothing follows what it has, what it has stands at the end. */
  async #checkEnd(): Promise<void> {
    const last = await this.#store.last(this.#names.log);
    if (last === undefined) throw gone();
    const end = endOf(last.item);
    this.#begun(last.item.kind === 'mark' ? last.item.epoch : end.epoch);
    if (this.#at && compare(end, this.#at) < 0) throw gap(this.#at, `the run ends before it, at ${last.id}`);
    if (last.item.kind === 'entry' && last.item.outcome !== undefined) this.#sink.complete();
  }

  #show(stored: Stored, more: boolean): void {
    if (this.#sink.closed) return;
    const { at, entry, nonce, outcome } = stored;
    const rest = this.#restOf(stored);
    if (rest === undefined) throw gap(this.#at, `what comes next is ${at.epoch}-${entry.first}`);
    this.#at = at;
    this.#nonce = nonce;
    this.#begun(at.epoch);
    this.#sink.next(more ? { ...rest, more } : rest);
    if (outcome !== undefined) this.#sink.complete();
  }

  /** What of an entry follows what it has; `undefined` where something between the two is missing. */
  #restOf({ at, before, nonce, entry }: Stored): Entry | undefined {
    const own = this.#at;
    const rest = restOf(entry, own);
    const isNext =
      own?.epoch === at.epoch
        ? rest.first === own.seq + 1 && (this.#nonce ?? nonce) === nonce
        : rest.first === 0 && before === (own && idAt(own));
    return isNext ? rest : undefined;
  }
}

/** The last position that there is up to an entry or a mark. */
function endOf(item: Stored | Mark): Position {
  return item.kind === 'entry' ? item.at : { epoch: item.epoch - 1, seq: Infinity };
}
