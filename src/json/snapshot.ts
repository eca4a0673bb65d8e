import type { Frame } from './frame.js';
import { growthBetween, type JsonGrowth } from './growth.js';
import type { JsonValue } from './value.js';

/** A container of no more than this many items, or an eighth as many members, is copied in any case. */
const SMALL = 64;

/** What is known of a JSON text so far. It never changes, however late it is read. */
export interface JsonSnapshot {
  /** The value as far as it is known, of plain arrays and objects; `undefined` while nothing is known. */
  readonly value: JsonValue | undefined;
  /** Whether the outermost value is finished. Only white space may follow it. */
  readonly complete: boolean;
  /** Whether its value differs from that of the snapshot before. */
  readonly changed: boolean;
  /** What this snapshot's value has more than the one before it; empty if they are the same. */
  readonly growth: readonly JsonGrowth[];
}

/**
 * What was known at one moment: the innermost open container, how many of its members were finished, and the string
 * that was open in it. All the rest follows, for nothing changes further out while a container is open.
 */
export class Moment {
  #value: JsonValue | undefined = undefined;

  /**
   * @param frame - the innermost open container
   * @param count - how many of its members were finished
   * @param settled - the text of the string that was open in it, but for its latest part
   * @param recent - the latest part; `undefined` if no string was open
   * @param version - grows with everything that can be seen
   * @param copyLimit - how many items one reading copies at most
   */
  constructor(
    readonly frame: Frame,
    readonly count: number,
    readonly settled: string,
    readonly recent: string | undefined,
    readonly version: number,
    readonly copyLimit: number,
  ) {}

  /** The text of the string that was open, if one was. */
  get tail(): string | undefined {
    return this.recent === undefined ? undefined : this.settled + this.recent;
  }

  get value(): JsonValue | undefined {
    return (this.#value ??= this.#build());
  }

  /** Builds the open containers from the innermost outwards. */
  #build(): JsonValue | undefined {
    let { frame, count } = this;
    let value: JsonValue | undefined = this.tail;
    const always = Math.min(SMALL, this.copyLimit);
    let copied = 0;
    while (frame.parent !== undefined) {
      const cost = frame.cost(count);
      const copy = cost <= always || copied + cost <= this.copyLimit;
      if (copy) copied += cost;
      value = frame.at(count, value, this.version, copy);
      count = frame.index;
      frame = frame.parent;
    }
    return value ?? (count > 0 ? frame.items[0] : undefined);
  }
}

/** What one write showed: a moment, the one before it, and how they differ. */
export class MomentSnapshot implements JsonSnapshot {
  #growth: readonly JsonGrowth[] | undefined = undefined;
  readonly #moment: Moment;
  readonly #before: Moment;
  readonly #text: string;
  readonly complete: boolean;

  /**
   * @param moment - what is known now
   * @param before - what was known one snapshot ago
   * @param text - by what the string grew that was open then
   * @param complete - whether the outermost value is finished
   */
  constructor(moment: Moment, before: Moment, text: string, complete: boolean) {
    this.#moment = moment;
    this.#before = before;
    this.#text = text;
    this.complete = complete;
  }

  get value(): JsonValue | undefined {
    return this.#moment.value;
  }

  get changed(): boolean {
    return this.#moment !== this.#before;
  }

  get growth(): readonly JsonGrowth[] {
    return (this.#growth ??= growthBetween(this.#before, this.#moment, this.#text));
  }
}
