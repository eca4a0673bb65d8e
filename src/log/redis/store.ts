import type { Subscription } from 'rxjs';
import type { Patience } from '../patience.js';
import type { Command, Sender } from './client.js';
import { storedOf, type Mark, type Stored } from './stored.js';

/** So many entries are read at once. */
const AT_ONCE = 512;

/** An entry of a stream, as Redis has it. */
type Row = readonly [id: string, fields: readonly [name: string, text: string]];

/** A piece of a run. */
export interface Piece {
  readonly items: readonly (Stored | Mark)[];
  /** Where the next piece begins, if there is one. */
  readonly next: string | undefined;
}

/** The names in Redis that belong to a run: of keys, and of channels. */
export interface Names {
  readonly run: string;
  /** The stream with its entries, and the channel that says what was added. */
  readonly log: string;
  /** A hash of what is asked, and the channel that says it. */
  readonly asks: string;
  /** There while the writer of an epoch is alive; it holds the lease, in ms. */
  alive(epoch: number): string;
}

/** One tag for all keys of a run: a cluster keeps them together. */
export function namesOf(prefix: string, run: string): Names {
  const log = `${prefix}{${run}}`;
  return { run, log, asks: `${log}:asks`, alive: (epoch) => `${log}:alive:${epoch}` };
}

/** The runs in a Redis, as they stand. */
export class Store {
  readonly sender: Sender;
  readonly patience: Patience;

  constructor(sender: Sender, patience: Patience) {
    this.sender = sender;
    this.patience = patience;
  }

  /** The same for somebody who may leave. */
  until(left: Subscription): Store {
    return new Store(this.sender, this.patience.until(left));
  }

  /** @param after - an id of Redis; what follows it is read */
  async after(log: string, after: string | undefined): Promise<Piece> {
    const from = after === undefined ? '-' : `(${after}`;
    const rows = await this.#rows('XRANGE', log, from, '+', AT_ONCE);
    const items = rows.map(([id, [, text]]) => storedOf(id, text));
    return { items, next: rows.length === AT_ONCE ? rows.at(-1)?.[0] : undefined };
  }

  /** The last of a run, or the last before an id. */
  async last(log: string, before?: string): Promise<{ id: string; item: Stored | Mark } | undefined> {
    const [row] = await this.#rows('XREVRANGE', log, before === undefined ? '+' : `(${before}`, '-', 1);
    return row && { id: row[0], item: storedOf(row[0], row[1][1]) };
  }

  /** The last entry before an id, whatever epochs have begun without one since. */
  async lastEntry(log: string, before: string): Promise<Stored | undefined> {
    for (let at = before; ;) {
      const last = await this.last(log, at);
      if (last?.item.kind !== 'mark') return last?.item;
      at = last.id;
    }
  }

  /** The lease of the writer of an epoch in ms; `undefined` where it has died. */
  async lease(names: Names, epoch: number): Promise<number | undefined> {
    const leaseMs = await this.patience.of(() => this.sender.one(['GET', names.alive(epoch)]));
    return leaseMs === null ? undefined : Number(leaseMs);
  }

  async #rows(
    name: 'XRANGE' | 'XREVRANGE',
    log: string,
    from: string,
    to: string,
    count: number,
  ): Promise<readonly Row[]> {
    const command: Command = [name, log, from, to, 'COUNT', String(count)];
    return (await this.patience.of(() => this.sender.one(command))) as readonly Row[];
  }
}
