import type { Observable, SchedulerLike } from 'rxjs';
import type { ErrorEvent, StreamEvent } from '../../events/event.js';
import { asksOf } from '../asking.js';
import { checkLimits, ended, fencedOff, gone, type RunLimits } from '../bounds.js';
import type { Size } from '../place.js';
import { BEGINNING, idAt } from '../position.js';
import type { Ask, EntryId, Outcome, RunWriter } from '../runLog.js';
import { hearing } from './asking.js';
import type { Channels } from './channels.js';
import type { Command } from './client.js';
import { epochOf, openEpoch, signs, type Opening, type Times } from './opening.js';
import { failureOf, isNotGreater } from './refusal.js';
import type { Names, Store } from './store.js';
import { added, alive, LOOK, textOf } from './stored.js';

/** What holds for the runs of a log. */
export interface Rules extends Times {
  /** So many entries are kept. */
  readonly keepEntries: number;
  readonly limits: RunLimits;
}

/** Writes a run into Redis: an entry is one `XADD` and one `PUBLISH`, sent together. */
export class Writing implements RunWriter {
  readonly asks: Observable<Ask>;
  readonly #store: Store;
  readonly #names: Names;
  readonly #rules: Rules;
  readonly #scheduler: SchedulerLike;
  readonly #nonce: string;
  #opening: Opening;
  #seq = 0;
  #size: Size;
  #last: EntryId | undefined;
  #outcome: Outcome | undefined;
  /** Whether something that does not stand may have been said: the next entry then begins an epoch of its own. */
  #isUncertain = false;
  #turn: Promise<unknown> = Promise.resolve();
  #signedAt: number;
  /** What was the last entry at which time. */
  readonly #ages: { readonly at: number; readonly id: EntryId }[] = [];

  constructor(
    store: Store,
    names: Names,
    channels: Channels,
    rules: Rules,
    nonce: string,
    opening: Opening,
    scheduler: SchedulerLike,
  ) {
    this.#store = store;
    this.#names = names;
    this.#rules = rules;
    this.#nonce = nonce;
    this.#opening = opening;
    this.#size = opening;
    this.#last = opening.before;
    this.#scheduler = scheduler;
    this.#signedAt = scheduler.now();
    this.asks = asksOf(hearing(store, names, channels, rules.leaseMs, () => this.#beat(), scheduler));
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
    const { limits, keepEntries } = this.#rules;
    const size = { entries: this.#size.entries + 1, chars: this.#size.chars + json.length };
    // A run that is too long can still be ended.
    if (outcome === undefined) checkLimits(limits, size.entries, size.chars);
    if (this.#isUncertain) await this.#beginAnew();
    const first = this.#seq;
    const id = idAt({ epoch: this.epoch, seq: first + count - 1 });
    const before = first === 0 ? this.#opening.before : undefined;
    const text = textOf({ nonce: this.#nonce, first, outcome, before, ...size }, json);
    const { log } = this.#names;
    const kept = Number.isFinite(keepEntries) ? ['MAXLEN', String(keepEntries)] : [];
    // A run that Redis has lost is not to begin in its middle.
    await this.#stand(
      id,
      ['XADD', log, 'NOMKSTREAM', ...kept, id, 'd', text],
      ['PUBLISH', log, added(id, text)],
    );
    this.#seq += count;
    this.#size = size;
    this.#last = id;
    this.#outcome = outcome;
    return id;
  }

  /** Settles once an entry stands. */
  async #stand(id: EntryId, add: Command, say: Command): Promise<void> {
    const { sender, patience } = this.#store;
    try {
      const reply = await patience.of(() => sender.lead(add, say, ...this.#dueSigns()));
      if (reply === null) throw gone();
    } catch (error) {
      if (isNotGreater(error) && (await this.#stands(id))) return;
      this.#isUncertain = true;
      // What was said of it is not so, as far as anybody knows.
      void sender.one(['PUBLISH', this.#names.log, LOOK]).catch(ignore);
      throw failureOf(error);
    }
  }

  /**
   * Whether an entry stands that Redis refuses: it was added, and the connection broke before that was known.
   *
   * @throws StreamError `protocol` where another writer is the reason
   */
  async #stands(id: EntryId): Promise<boolean> {
    const last = await this.#store.last(this.#names.log);
    if (last === undefined) throw gone();
    const { item } = last;
    if (item.kind === 'entry' && item.nonce === this.#nonce) return last.id === id;
    if (item.kind === 'entry' && item.outcome !== undefined) throw ended(item.outcome);
    throw fencedOff(this.epoch, epochOf(item));
  }

  async #beginAnew(): Promise<void> {
    try {
      this.#opening = await openEpoch(this.#store, this.#names, this.#rules, this.#nonce, this.epoch);
    } catch (error) {
      throw failureOf(error);
    }
    this.#isUncertain = false;
    this.#seq = 0;
    this.#last = this.#opening.before;
  }

  /** The signs of life that are due beside an entry. A clock may jump, back as well. */
  #dueSigns(): readonly Command[] {
    const due = Math.abs(this.#scheduler.now() - this.#signedAt) >= this.#rules.leaseMs / 3;
    return due ? this.#signs() : [];
  }

  #signs(): readonly Command[] {
    const now = this.#scheduler.now();
    this.#signedAt = now;
    const { keepMs } = this.#rules;
    if (this.#last !== undefined) this.#ages.push({ at: now, id: this.#last });
    const old = this.#ages.filter(({ at }) => at + keepMs <= now).at(-1);
    if (old !== undefined) this.#ages.splice(0, this.#ages.indexOf(old) + 1);
    return [
      ...signs(this.#names, this.epoch, this.#rules),
      ...(old === undefined ? [] : [['XTRIM', this.#names.log, 'MINID', old.id] as const]),
    ];
  }

  /** Shows that the writer is alive, and where it stands: a reader that has missed something looks. */
  async #beat(): Promise<void> {
    if (this.#outcome !== undefined) return;
    const say: Command = ['PUBLISH', this.#names.log, alive(this.epoch, this.#last ?? BEGINNING)];
    const [first, ...others] = this.#signs();
    const reply = await this.#store.sender.lead(first as Command, ...others, say).catch(ignore);
    if (reply === 0 && first?.[0] === 'PEXPIRE') throw gone();
  }
}

function ignore(): void {
  // The next sign of life is as good.
}
