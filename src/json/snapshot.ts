import { growthBetween, type JsonGrowth } from './growth.js';
import type { Moment } from './moment.js';
import type { JsonValue } from './value.js';

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
