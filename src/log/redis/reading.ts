import { timer, type SchedulerLike, type Subscriber, type Subscription } from 'rxjs';
import { abandoned, gone } from '../bounds.js';
import { Place } from '../place.js';
import { compare, gap, type Position } from '../position.js';
import type { Entry, EntryId } from '../runLog.js';
import type { Channels } from './channels.js';
import { failureOf } from './refusal.js';
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
  readonly #place: Place;
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

  constructor(
    store: Store,
    names: Names,
    after: EntryId | undefined,
    sink: Subscriber<Entry>,
    scheduler: SchedulerLike,
  ) {
    this.#place = new Place(after);
    this.#store = store.until(sink);
    this.#names = names;
    this.#sink = sink;
    this.#scheduler = scheduler;
  }

  begin(channels: Channels): void {
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
        if (message.epoch >= this.#epoch && message.at !== this.#place.id) this.#lookAgain();
        break;
      case 'mark':
        // From here on, what a writer before it says comes too late. What it had written before stands.
        this.#begun(message.epoch);
        this.#lookAgain();
        break;
      case 'entry': {
        if (message.at.epoch < this.#epoch || this.#place.has(message)) return;
        if (this.#place.restOf(message) === undefined) this.#lookAgain();
        else this.#show(message, false);
      }
    }
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
    let from: string | undefined = this.#place.at && this.#place.id;
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
    if (last === undefined) throw gone(this.#names.run);
    const end = endOf(last.item);
    this.#begun(last.item.kind === 'mark' ? last.item.epoch : end.epoch);
    const { at } = this.#place;
    const ahead = at ? compare(end, at) : 1;
    if (ahead < 0) throw gap(at, `the run ends before it, at ${last.id}`);
    // It was added since.
    if (ahead > 0) this.#looksAgain = true;
    else if (last.item.kind === 'entry' && last.item.outcome !== undefined) {
      // A run that was lost and begun anew may end at the very id where this reader stands.
      if (!this.#place.has(last.item)) throw gap(at, 'the run was lost, and another ends there');
      this.#sink.complete();
    }
  }

  #show(stored: Stored, more: boolean): void {
    if (this.#sink.closed) return;
    const rest = this.#place.take(stored);
    this.#begun(stored.at.epoch);
    this.#sink.next(more ? { ...rest, more } : rest);
    if (stored.outcome !== undefined) this.#sink.complete();
  }
}

/** The last position that there is up to an entry or a mark. */
function endOf(item: Stored | Mark): Position {
  return item.kind === 'entry' ? item.at : { epoch: item.epoch - 1, seq: Infinity };
}
