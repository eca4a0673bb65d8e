import type { Frame } from './frame.js';
import { growthBetween, type JsonGrowth } from './growth.js';
import type { Parser } from './parser.js';
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

  /** Whether the outermost value was finished. */
  get isComplete(): boolean {
    return this.frame.parent === undefined && this.count === 1;
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

/** Whether what is known where the parser stands is the moment. */
export function isAt({ version, complete }: Parser, moment: Moment): boolean {
  return version === moment.version && complete === moment.isComplete;
}

/** @returns what is known where the parser stands: the moment `before`, if that is no more */
export function momentOf(parser: Parser, before: Moment): Moment {
  if (isAt(parser, before)) return before;
  const { frame, count, version, openText } = parser;
  const settled = openText === undefined ? '' : openText.rope.settled;
  return new Moment(frame, count, settled, openText?.rope.recent, version, before.copyLimit);
}

/** Whoever can tell what a snapshot shows that does not know it yet. */
export interface SnapshotSource {
  /** Calls {@link LazySnapshot.know} of the snapshot, and of others perhaps. */
  show(): void;
}

/** What one write showed: a moment, the one before it, and how they differ. */
export class LazySnapshot implements JsonSnapshot {
  /** Until it is known, what was written; then by how much the string grew that was open before. */
  #text: string;
  #source: SnapshotSource | undefined;
  #moment: Moment | undefined = undefined;
  #before: Moment | undefined = undefined;
  #growth: readonly JsonGrowth[] | undefined = undefined;

  /**
   * @param fragment - what was written
   * @param source - whom to ask what it shows
   */
  constructor(fragment: string, source: SnapshotSource | undefined) {
    this.#text = fragment;
    this.#source = source;
  }

  /** What was written; not to be asked once it is known what that shows. */
  get fragment(): string {
    return this.#text;
  }

  get value(): JsonValue | undefined {
    return this.#now()?.value;
  }

  get complete(): boolean {
    return this.#now()?.isComplete === true;
  }

  get changed(): boolean {
    return this.#then()?.version !== this.#moment?.version;
  }

  get growth(): readonly JsonGrowth[] {
    return (this.#growth ??= this.#compare());
  }

  /** Hands it over to another source; `moment` may be known already. */
  ask(source: SnapshotSource, moment?: Moment): void {
    this.#source = source;
    this.#moment = moment;
  }

  /**
   * Makes it known.
   *
   * @param moment - what was known then
   * @param before - what was known one snapshot before
   * @param text - by what the string grew that was open before
   */
  know(moment: Moment, before: Moment, text: string): void {
    this.#moment = moment;
    this.#before = before;
    this.#text = text;
    this.#source = undefined;
  }

  #now(): Moment | undefined {
    // The reader may leave it to a passage, which then can tell.
    while (this.#moment === undefined && this.#source !== undefined) this.#source.show();
    return this.#moment;
  }

  #then(): Moment | undefined {
    while (this.#before === undefined && this.#source !== undefined) this.#source.show();
    return this.#before;
  }

  #compare(): readonly JsonGrowth[] {
    const before = this.#then();
    const moment = this.#moment;
    return before === undefined || moment === undefined ? [] : growthBetween(before, moment, this.#text);
  }
}
