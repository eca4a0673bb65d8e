import { timer, type SchedulerLike, type Subscriber, type Subscription } from 'rxjs';
import { truncated } from '../../errors/streamError.js';
import { abandoned, gone } from '../bounds.js';
import { Place, type Linked } from '../place.js';
import { compare, gap, type Position } from '../position.js';
import type { Entry, EntryId } from '../runLog.js';
import type { Batch } from './batches.js';
import { failed } from './failed.js';
import { recordOf } from './records.js';
import { START, type Streams } from './streams.js';

/** After so many thirds of a lease without a word a reader asks whether there is more. */
const MOST_QUIET = 3;

/** One reader of a run. It reads from the beginning: no server knows our ids. */
export class Reading {
  readonly #streams: Streams;
  readonly #run: string;
  readonly #place: Place;
  readonly #sink: Subscriber<Entry>;
  readonly #scheduler: SchedulerLike;
  #offset = START;
  /** The last entry that it has seen, also of those that its viewer has. */
  #seen: Position | undefined;
  /** What has come, and of which it does not know whether another one follows. */
  #held: Linked | undefined;
  #hasBegun = false;
  #leaseMs: number | undefined;
  #quiet = 0;
  /** Set once the server has said that nothing more will come. */
  #isClosed = false;
  #live: Subscription | undefined;
  #clock: Subscription | undefined;

  constructor(
    streams: Streams,
    run: string,
    after: EntryId | undefined,
    sink: Subscriber<Entry>,
    scheduler: SchedulerLike,
  ) {
    this.#streams = streams.until(sink);
    this.#run = run;
    this.#place = new Place(after);
    this.#sink = sink;
    this.#scheduler = scheduler;
  }

  begin(): void {
    this.#follow();
    this.#sink.add(() => {
      this.#live?.unsubscribe();
      this.#clock?.unsubscribe();
    });
  }

  #follow(): void {
    this.#live?.unsubscribe();
    this.#live = this.#streams.live(this.#run, this.#offset).subscribe({
      next: (batch) => this.#take(batch),
      error: (error: unknown) => this.#sink.error(failed(error)),
    });
    if (this.#sink.closed) this.#live.unsubscribe();
  }

  #take({ messages, next, isUpToDate, isClosed }: Batch): void {
    this.#offset = next;
    this.#quiet = 0;
    try {
      for (const message of messages) this.#read(message);
      if (!isUpToDate || this.#sink.closed) return;
      if (this.#held) this.#show(this.#held, false);
      this.#held = undefined;
      this.#checkEnd(isClosed);
    } catch (error) {
      this.#sink.error(failed(error));
    }
  }

  #read(message: unknown): void {
    const record = recordOf(message);
    this.#hasBegun = true;
    switch (record.kind) {
      case 'opened':
        this.#awaitFor(record.leaseMs);
        break;
      case 'alive':
        break;
      case 'entry':
        this.#seen = record.at;
        if (this.#place.has(record)) {
          // Of a run that is over, a reader that has all of it hears that.
          if (record.outcome !== undefined) {
            this.#checkSeen();
            this.#sink.complete();
          }
          return;
        }
        if (this.#held) this.#show(this.#held, true);
        this.#held = record;
    }
  }

  /** Where nothing more stands, what the viewer has must stand, and a run that is closed must be over. */
  #checkEnd(isClosed: boolean): void {
    if (this.#sink.closed) return;
    if (isClosed && !this.#isClosed) {
      // A server that has waited in vain may say so before it has said the last that stands, and one that has lost the run
      // may say so of another with as much in it: what stands is read once more, all of it.
      this.#isClosed = true;
      this.#offset = START;
      void this.#probe();
      return;
    }
    if (!this.#hasBegun) throw gone(this.#run);
    this.#checkSeen();
    if (isClosed) throw truncated();
  }

  #checkSeen(): void {
    const { at } = this.#place;
    if (at !== undefined && (this.#seen === undefined || compare(this.#seen, at) < 0))
      throw gap(at, 'the run ends before it');
  }

  #show(linked: Linked, more: boolean): void {
    if (this.#sink.closed) return;
    const rest = this.#place.take(linked);
    this.#sink.next(more ? { ...rest, more } : rest);
    if (linked.outcome !== undefined) this.#sink.complete();
  }

  #awaitFor(leaseMs: number): void {
    if (leaseMs === this.#leaseMs) return;
    this.#leaseMs = leaseMs;
    this.#clock?.unsubscribe();
    this.#clock = timer(leaseMs / 3, leaseMs / 3, this.#scheduler).subscribe({
      next: () => {
        if (++this.#quiet === MOST_QUIET) void this.#probe();
      },
      error: (error: unknown) => this.#sink.error(error),
    });
  }

  /** A connection may be dead without anybody having heard of it. */
  async #probe(): Promise<void> {
    try {
      const from = this.#offset;
      const batch = await this.#streams.standing(this.#run, from);
      if (this.#sink.closed || this.#offset !== from) return;
      if (batch.messages.length === 0 && !batch.isClosed) throw abandoned(this.#leaseMs);
      this.#take(batch);
      if (!this.#sink.closed) this.#follow();
    } catch (error) {
      this.#sink.error(failed(error));
    }
  }
}
