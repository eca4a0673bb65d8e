import {
  defer,
  ignoreElements,
  Observable,
  repeat,
  share,
  Subject,
  tap,
  timer,
  type SchedulerLike,
} from 'rxjs';
import { StreamError } from '../errors/streamError.js';
import type { ErrorEvent, StreamEvent } from '../events/event.js';
import { BEGINNING } from '../events/id.js';
import { LONGEST_TIMER } from '../fold/pace/retryWait.js';
import { abandoned, checkLimits, ended, fencedOff, jsonOf, type RunLimits } from './bounds.js';
import { compare, gap, idAt, positionOf, restOf, type Position } from './position.js';
import type { Ask, Entry, EntryId, Outcome } from './runLog.js';

interface Kept {
  readonly entry: Entry;
  readonly last: Position;
  /** When it was appended. */
  readonly at: number;
}

/** More is asked of no writer. */
const MOST_ASKS = 1_000;

/** One run of `memoryLog()`. */
export class MemoryRun {
  epoch = 0;
  outcome: Outcome | undefined;
  readonly #scheduler: SchedulerLike;
  readonly #limits: RunLimits;
  readonly #changes = new Subject<void>();
  readonly #asked = new Subject<Ask>();
  /** By what they are of: the last word counts. */
  readonly #asks = new Map<string, Ask>();
  #kept: Kept[] = [];
  #trimmed: Position | undefined;
  #seq = 0;
  #entries = 0;
  #length = 0;
  #leaseMs = 0;
  #signAt = 0;
  /** Fails once the writer has been silent for too long: one clock for all readers. */
  readonly #silence: Observable<never>;

  constructor(limits: RunLimits, scheduler: SchedulerLike) {
    this.#limits = limits;
    this.#scheduler = scheduler;
    const left = (): number => this.signedAt + this.#leaseMs - scheduler.now();
    this.#silence = defer(() => timer(Math.min(Math.max(left(), 0), LONGEST_TIMER), scheduler)).pipe(
      tap(() => {
        if (left() <= 0 && this.outcome === undefined) throw abandoned(this.#leaseMs);
      }),
      repeat(),
      ignoreElements(),
      share(),
    );
  }

  /** Whether nothing was ever written or opened. */
  get isShell(): boolean {
    return this.epoch === 0;
  }

  open(leaseMs: number): number {
    if (this.outcome !== undefined) throw ended(this.outcome);
    this.#leaseMs = leaseMs;
    this.#seq = 0;
    this.sign();
    return ++this.epoch;
  }

  /** When a writer was last known to be alive: not later than now, though a clock was set back since. */
  get signedAt(): number {
    return (this.#signAt = Math.min(this.#signAt, this.#scheduler.now()));
  }

  /** A writer is alive. */
  sign(): void {
    this.#signAt = this.#scheduler.now();
  }

  append(epoch: number, events: readonly StreamEvent[]): EntryId {
    this.#check(epoch);
    const json = jsonOf(events);
    checkLimits(this.#limits, this.#entries + 1, this.#length + json.length);
    this.#length += json.length;
    return this.#add(copyOf(json));
  }

  seal(epoch: number, outcome: Outcome, last: ErrorEvent | undefined): void {
    this.#check(epoch);
    const events = copyOf(jsonOf(last === undefined ? [] : [last]));
    this.outcome = outcome;
    this.#add(events, outcome);
  }

  ask(ask: Ask): void {
    if (this.outcome !== undefined) return;
    const key = 'stop' in ask ? '' : `call ${ask.approve}`;
    if (this.#asks.size >= MOST_ASKS && !this.#asks.has(key))
      throw new StreamError('limit', `More than ${MOST_ASKS} things are asked of a run`);
    this.#asks.set(key, ask);
    this.#asked.next(ask);
  }

  /** What is asked of the writer of an epoch, who is alive while it listens. */
  asks(epoch: number): Observable<Ask> {
    return new Observable((subscriber) => {
      const beat = defer(() => timer(Math.min(this.#leaseMs / 3, LONGEST_TIMER), this.#scheduler)).pipe(
        tap(() => {
          if (this.epoch === epoch) this.sign();
        }),
        repeat(),
      );
      this.sign();
      subscriber.add(beat.subscribe({ error: (error: unknown) => subscriber.error(error) }));
      for (const ask of [...this.#asks.values()]) subscriber.next(ask);
      subscriber.add(this.#asked.subscribe(subscriber));
    });
  }

  read(after: EntryId | undefined): Observable<Entry> {
    return new Observable((subscriber) => {
      let at = after === undefined || after === BEGINNING ? undefined : positionOf(after);
      if (at !== undefined && !this.#has(at)) {
        subscriber.error(gap(at, 'the run has no such event'));
        return;
      }
      let isBusy = false;
      const drain = (): void => {
        if (isBusy) return;
        isBusy = true;
        try {
          while (!subscriber.closed) {
            const kept = this.#after(at);
            if (kept === undefined) break;
            const from = at;
            at = kept.last;
            subscriber.next(this.#shown(restOf(kept.entry, from), at));
          }
          if (this.outcome !== undefined) subscriber.complete();
        } catch (error) {
          subscriber.error(error);
        }
        isBusy = false;
      };
      drain();
      if (subscriber.closed) return;
      subscriber.add(
        this.#changes.subscribe({ next: drain, error: (error: unknown) => subscriber.error(error) }),
      );
      subscriber.add(this.#silence.subscribe({ error: (error: unknown) => subscriber.error(error) }));
    });
  }

  /** Forgets the oldest entries. */
  trim(entries: number, before: number): void {
    let gone = Math.max(this.#kept.length - entries, 0);
    while ((this.#kept[gone]?.at ?? Infinity) < before) gone++;
    if (gone === 0) return;
    this.#trimmed = this.#kept[gone - 1]?.last;
    this.#kept = this.#kept.slice(gone);
  }

  #add(events: readonly StreamEvent[], outcome?: Outcome): EntryId {
    const first = this.#seq;
    this.#seq += Math.max(events.length, 1);
    const last = { epoch: this.epoch, seq: this.#seq - 1 };
    const id = idAt(last);
    const entry: Entry = { id, first, events, ...(outcome && { outcome }) };
    this.#kept.push({ entry, last, at: this.#scheduler.now() });
    this.#entries++;
    this.sign();
    this.#changes.next();
    return id;
  }

  /** Whether there is an event at a position, or there was one that is forgotten. */
  #has(at: Position): boolean {
    if (this.#trimmed && compare(at, this.#trimmed) <= 0) return true;
    const kept = this.#kept[this.#find((last) => compare(last, at) >= 0)];
    return kept?.last.epoch === at.epoch && at.seq >= kept.entry.first;
  }

  /** The first entry with something behind a position. */
  #after(at: Position | undefined): Kept | undefined {
    if (this.#trimmed && (at === undefined || compare(at, this.#trimmed) < 0))
      throw gap(at, `all up to ${idAt(this.#trimmed)} was trimmed`);
    return this.#kept[at === undefined ? 0 : this.#find((last) => compare(last, at) > 0)];
  }

  /** The index of the first entry that ends where this is so. */
  #find(isThere: (last: Position) => boolean): number {
    let [low, high] = [0, this.#kept.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isThere((this.#kept[middle] as Kept).last)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #shown(entry: Entry, at: Position): Entry {
    const end = this.#kept.at(-1);
    return end && compare(at, end.last) < 0 ? { ...entry, more: true } : entry;
  }

  #check(epoch: number): void {
    if (epoch !== this.epoch) throw fencedOff(epoch, this.epoch);
    if (this.outcome !== undefined) throw ended(this.outcome);
  }
}

/** A copy: what was appended never changes, and is what every other log would hold of it. */
function copyOf(json: string): StreamEvent[] {
  return JSON.parse(json) as StreamEvent[];
}
