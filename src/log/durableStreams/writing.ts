import { timer, type Observable, type SchedulerLike } from 'rxjs';
import type { ErrorEvent, StreamEvent } from '../../events/event.js';
import { asksOf, keyOf } from '../asking.js';
import { checkLimits, ended, fencedOff, type RunLimits } from '../bounds.js';
import type { Size } from '../place.js';
import { idAt } from '../position.js';
import type { Ask, EntryId, Outcome, RunWriter } from '../runLog.js';
import { failed } from './failed.js';
import { lost, openEpoch, producer, recordsOf, type Opening } from './opening.js';
import { ALIVE, entryJson } from './records.js';
import { START, type Streams } from './streams.js';

/** What holds for the runs of a log. */
export interface Rules {
  readonly leaseMs: number;
  readonly ttlSeconds: number | undefined;
  readonly limits: RunLimits;
}

/** The stream of what is asked of a run. */
export function asksNameOf(run: string): string {
  return `${run}.asks`;
}

/** Writes a run into a durable stream: an entry is one `POST`. */
export class Writing implements RunWriter {
  readonly asks: Observable<Ask>;
  readonly #streams: Streams;
  readonly #run: string;
  readonly #rules: Rules;
  readonly #nonce: string;
  #opening: Opening;
  #size: Size;
  #seq = 0;
  /** The number of the next append: the mark of the epoch was the first. */
  #appends = 1;
  #outcome: Outcome | undefined;
  /** Whether the last append may stand all the same: the next entry then begins an epoch of its own. */
  #isUncertain = false;
  #hasWritten = true;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    streams: Streams,
    run: string,
    rules: Rules,
    nonce: string,
    opening: Opening,
    scheduler: SchedulerLike,
  ) {
    this.#streams = streams;
    this.#run = run;
    this.#rules = rules;
    this.#nonce = nonce;
    this.#opening = opening;
    this.#size = opening;
    this.asks = asksOf((hear, fail) => {
      const hearing = this.#hear(hear, fail);
      const beat = timer(rules.leaseMs / 3, rules.leaseMs / 3, scheduler).subscribe({
        next: () => void this.#inTurn(() => this.#beat()).catch(fail),
        error: fail,
      });
      return () => {
        hearing();
        beat.unsubscribe();
      };
    });
  }

  get epoch(): number {
    return this.#opening.epoch;
  }

  async append(events: readonly StreamEvent[]): Promise<EntryId> {
    if (events.length === 0) throw new RangeError('An entry has at least one event');
    const json = JSON.stringify(events);
    return this.#inTurn(() => this.#write(json, events.length));
  }

  async seal(outcome: Outcome, last?: ErrorEvent): Promise<void> {
    const json = JSON.stringify(last === undefined ? [] : [last]);
    await this.#inTurn(() => this.#write(json, 1, outcome));
  }

  /** One after the other, as they were asked for. */
  #inTurn<T>(step: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(step);
    this.#turn = done.catch(ignore);
    return done;
  }

  async #write(json: string, count: number, outcome?: Outcome): Promise<EntryId> {
    if (this.#outcome !== undefined) throw ended(this.#outcome);
    const size = { entries: this.#size.entries + 1, chars: this.#size.chars + json.length };
    // A run that is too long can still be ended.
    if (outcome === undefined) checkLimits(this.#rules.limits, size.entries, size.chars);
    if (this.#isUncertain) await this.#beginAnew();
    const first = this.#seq;
    const id = idAt({ epoch: this.epoch, seq: first + count - 1 });
    const before = first === 0 ? this.#opening.before : undefined;
    const head = { first, nonce: this.#nonce, before, outcome, ...size };
    await this.#post(entryJson(id, head, json), outcome === undefined ? {} : { 'Stream-Closed': 'true' });
    this.#seq += count;
    this.#size = size;
    this.#outcome = outcome;
    return id;
  }

  /** Settles once a message stands. */
  async #post(json: string, headers: { [name: string]: string }): Promise<void> {
    try {
      const all = { ...producer(this.epoch, this.#appends), ...headers };
      const response = await this.#streams.append(this.#run, `[${json}]`, all);
      const { status } = response;
      if (status === 403)
        throw fencedOff(this.epoch, Number(response.headers.get('producer-epoch') ?? Number.NaN));
      if (status === 409) {
        // It fails where the run has ended, and says how.
        await recordsOf(this.#streams, this.#run);
        throw lost();
      }
    } catch (error) {
      this.#isUncertain = true;
      throw failed(error);
    }
    this.#appends++;
    this.#hasWritten = true;
  }

  async #beginAnew(): Promise<void> {
    try {
      const { leaseMs } = this.#rules;
      this.#opening = await openEpoch(this.#streams, this.#run, leaseMs, this.#nonce, this.epoch);
    } catch (error) {
      throw failed(error);
    }
    this.#isUncertain = false;
    this.#seq = 0;
    this.#appends = 1;
  }

  /** Shows that the writer is alive, where nothing else has. */
  async #beat(): Promise<void> {
    if (this.#outcome !== undefined || this.#isUncertain) return;
    if (!this.#hasWritten) await this.#post(ALIVE, {});
    this.#hasWritten = false;
  }

  /** Hears what is asked, from the beginning: of what is asked again the last word counts. */
  #hear(hear: (ask: Ask) => void, fail: (error: unknown) => void): () => void {
    const name = asksNameOf(this.#run);
    let known: Map<string, Ask> | undefined = new Map<string, Ask>();
    let isOver = false;
    let end: (() => void) | undefined;
    const begin = async (): Promise<void> => {
      await this.#streams.create(name, this.#rules.ttlSeconds);
      if (isOver) return;
      const live = this.#streams.live(name, START).subscribe({
        next: ({ messages, isUpToDate }) => {
          for (const ask of messages as readonly Ask[]) {
            if (known === undefined) hear(ask);
            else known.set(keyOf(ask), ask);
          }
          if (!isUpToDate) return;
          for (const ask of known?.values() ?? []) hear(ask);
          known = undefined;
        },
        error: (error: unknown) => fail(failed(error)),
      });
      end = () => live.unsubscribe();
    };
    begin().catch((error: unknown) => fail(failed(error)));
    return () => {
      isOver = true;
      end?.();
    };
  }
}

function ignore(): void {
  // Whoever asked for it hears of it.
}
