import { timer, type Observable, type SchedulerLike } from 'rxjs';
import { asksOf, keyOf } from '../asking.js';
import { fencedOff, type RunLimits } from '../bounds.js';
import { EntryWriter, type Opening, type Written } from '../entryWriter.js';
import type { Ask } from '../runLog.js';
import { failed } from './failed.js';
import { lost, openEpoch, producer, recordsOf } from './opening.js';
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
export class Writing extends EntryWriter {
  readonly asks: Observable<Ask>;
  readonly #streams: Streams;
  readonly #run: string;
  readonly #rules: Rules;
  /** The number of the next append: the mark of the epoch was the first. */
  #appends = 1;
  #hasWritten = true;

  constructor(
    streams: Streams,
    run: string,
    rules: Rules,
    nonce: string,
    opening: Opening,
    scheduler: SchedulerLike,
  ) {
    super(nonce, rules.limits, opening);
    this.#streams = streams;
    this.#run = run;
    this.#rules = rules;
    this.asks = asksOf((hear, fail) => {
      const hearing = this.#hear(hear, fail);
      const beat = timer(rules.leaseMs / 3, rules.leaseMs / 3, scheduler).subscribe({
        next: () => void this.inTurn(() => this.#beat()).catch(fail),
        error: fail,
      });
      return () => {
        hearing();
        beat.unsubscribe();
      };
    });
  }

  protected async stand(entry: Written): Promise<void> {
    await this.#post(entryJson(entry), entry.outcome === undefined ? {} : { 'Stream-Closed': 'true' });
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
      this.isUncertain = true;
      throw failed(error);
    }
    this.#appends++;
    this.#hasWritten = true;
  }

  protected async open(): Promise<Opening> {
    try {
      const { leaseMs } = this.#rules;
      const opening = await openEpoch(this.#streams, this.#run, leaseMs, this.nonce, this.epoch);
      this.#appends = 1;
      return opening;
    } catch (error) {
      throw failed(error);
    }
  }

  /** Shows that the writer is alive, where nothing else has. */
  async #beat(): Promise<void> {
    if (this.outcome !== undefined || this.isUncertain) return;
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
