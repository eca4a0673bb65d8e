import type { Observable, SchedulerLike } from 'rxjs';
import { BEGINNING } from '../../events/id.js';
import { asksOf } from '../asking.js';
import { ended, fencedOff, gone, type RunLimits } from '../bounds.js';
import { EntryWriter, type Opening, type Written } from '../entryWriter.js';
import type { Ask, EntryId } from '../runLog.js';
import { hearing } from './asking.js';
import type { Channels } from './channels.js';
import type { Command } from './client.js';
import { epochOf, openEpoch, signs, type Times } from './opening.js';
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
export class Writing extends EntryWriter {
  readonly asks: Observable<Ask>;
  readonly #store: Store;
  readonly #names: Names;
  readonly #rules: Rules;
  readonly #scheduler: SchedulerLike;
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
    super(nonce, rules.limits, opening);
    this.#store = store;
    this.#names = names;
    this.#rules = rules;
    this.#scheduler = scheduler;
    this.#signedAt = scheduler.now();
    this.asks = asksOf(hearing(store, names, channels, rules.leaseMs, () => this.#beat(), scheduler));
  }

  protected stand({ id, events, ...head }: Written): Promise<void> {
    const { sender, patience } = this.#store;
    const { log } = this.#names;
    const { keepEntries } = this.#rules;
    const text = textOf(head, events);
    // A run that Redis has lost is not to begin in its middle.
    const add: Command = Number.isFinite(keepEntries)
      ? ['XADD', log, 'NOMKSTREAM', 'MAXLEN', String(keepEntries), id, 'd', text]
      : ['XADD', log, 'NOMKSTREAM', id, 'd', text];
    const say: Command = ['PUBLISH', log, added(id, text)];
    const write = (): Promise<unknown> =>
      this.#isSignDue() ? sender.lead(add, say, ...this.#signs()) : sender.lead(add, say);
    return patience.of(write).then(
      (reply) => (reply === null ? this.#refused(id, gone(this.#names.run)) : undefined),
      (error: unknown) => this.#refused(id, error),
    );
  }

  async #refused(id: EntryId, refusal: unknown): Promise<void> {
    let error = refusal;
    try {
      if (isNotGreater(refusal) && (await this.#stands(id))) return;
    } catch (unknown) {
      // Something may stand under this id, so no other entry may get it.
      error = unknown;
    }
    this.isUncertain = true;
    // What was said of it is not so, as far as anybody knows.
    void this.#store.sender.one(['PUBLISH', this.#names.log, LOOK]).catch(ignore);
    throw failureOf(error);
  }

  /**
   * Whether an entry stands that Redis refuses: it was added, and the connection broke before that was known.
   *
   * @throws StreamError `protocol` where another writer is the reason
   */
  async #stands(id: EntryId): Promise<boolean> {
    const last = await this.#store.last(this.#names.log);
    if (last === undefined) throw gone(this.#names.run);
    const { item } = last;
    if (item.kind === 'entry' && item.nonce === this.nonce) return last.id === id;
    if (item.kind === 'entry' && item.outcome !== undefined) throw ended(item.outcome);
    throw fencedOff(this.epoch, epochOf(item));
  }

  protected async open(): Promise<Opening> {
    try {
      return await openEpoch(this.#store, this.#names, this.#rules, this.nonce, this.epoch);
    } catch (error) {
      throw failureOf(error);
    }
  }

  /** Whether signs of life are due beside an entry. A clock may jump, back as well. */
  #isSignDue(): boolean {
    return Math.abs(this.#scheduler.now() - this.#signedAt) >= this.#rules.leaseMs / 3;
  }

  #signs(): readonly Command[] {
    const now = this.#scheduler.now();
    this.#signedAt = now;
    const { keepMs } = this.#rules;
    if (this.last !== undefined) this.#ages.push({ at: now, id: this.last });
    const old = this.#ages.filter(({ at }) => at + keepMs <= now).at(-1);
    if (old !== undefined) this.#ages.splice(0, this.#ages.indexOf(old) + 1);
    return [
      ...signs(this.#names, this.epoch, this.#rules),
      ...(old === undefined ? [] : [['XTRIM', this.#names.log, 'MINID', old.id] satisfies Command]),
    ];
  }

  /** Shows that the writer is alive, and where it stands: a reader that has missed something looks. */
  async #beat(): Promise<void> {
    if (this.outcome !== undefined) return;
    const say: Command = ['PUBLISH', this.#names.log, alive(this.epoch, this.last ?? BEGINNING)];
    const [first, ...others] = this.#signs();
    const reply = await this.#store.sender.lead(first as Command, ...others, say).catch(ignore);
    if (reply === 0 && first?.[0] === 'PEXPIRE') throw gone(this.#names.run);
  }
}

function ignore(): void {
  // The next sign of life is as good.
}
