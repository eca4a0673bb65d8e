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

/** Whoever can tell what a snapshot shows. */
export interface SnapshotSource {
  /** Tells the snapshot, by {@link LazySnapshot.ask}, what it shows or whom else to ask. */
  show(): void;
}

/**
 * What one write showed. Of those that nobody looks at there are many, so it is small until it is asked; and they are
 * linked, for that costs less than an array that grows.
 */
export class LazySnapshot implements JsonSnapshot {
  readonly #fragment: string;
  #step: Step | SnapshotSource;
  #next: LazySnapshot | undefined = undefined;

  /**
   * @param fragment - what was written
   * @param step - what that showed, or whom to ask
   */
  constructor(fragment: string, step: Step | SnapshotSource) {
    this.#fragment = fragment;
    this.#step = step;
  }

  /** What was written. */
  get fragment(): string {
    return this.#fragment;
  }

  /** The one after it, as long as neither is known. */
  get next(): LazySnapshot | undefined {
    return this.#next;
  }

  set next(snapshot: LazySnapshot | undefined) {
    this.#next = snapshot;
  }

  get value(): JsonValue | undefined {
    return this.#known().moment.value;
  }

  get complete(): boolean {
    return this.#known().moment.isComplete;
  }

  get changed(): boolean {
    return this.#compared().changed;
  }

  get growth(): readonly JsonGrowth[] {
    return this.#compared().growth;
  }

  /** Makes known what it shows, or whom to ask. */
  ask(step: Step | SnapshotSource): void {
    this.#step = step;
  }

  #known(): Step {
    // The reader may leave it to a passage, which then can tell.
    while (!(this.#step instanceof Step)) this.#step.show();
    return this.#step;
  }

  #compared(): Step {
    const step = this.#known();
    if (step.isCompared) return step;
    step.passage?.show();
    return this.#known();
  }
}

/** What is known after a fragment, what was before it, and how they differ. */
export class Step {
  readonly moment: Moment;
  /** Who can tell what was known before, if this cannot. */
  readonly passage: SnapshotSource | undefined;
  readonly #before: Moment | undefined;
  readonly #text: string;
  #growth: readonly JsonGrowth[] | undefined = undefined;

  constructor(moment: Moment, before: Moment | undefined, text: string, passage?: SnapshotSource) {
    this.moment = moment;
    this.passage = passage;
    this.#before = before;
    this.#text = text;
  }

  get isCompared(): boolean {
    return this.#before !== undefined;
  }

  get changed(): boolean {
    return this.#before?.version !== this.moment.version;
  }

  get growth(): readonly JsonGrowth[] {
    return (this.#growth ??=
      this.#before === undefined ? [] : growthBetween(this.#before, this.moment, this.#text));
  }
}
