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

const NO_GROWTH: readonly JsonGrowth[] = [];

/** What is known after a fragment, and what it adds. Of those that nobody looks at there are many, so it is small. */
export class Snapshot implements JsonSnapshot {
  readonly #now: Moment;
  readonly #text: string;
  /** What was known before, until the growth is known. */
  #before: Moment | undefined;
  #growth: readonly JsonGrowth[] = NO_GROWTH;

  /** @param text - by what the string grew that was open before */
  constructor(now: Moment, before: Moment, text: string) {
    this.#now = now;
    this.#before = before;
    this.#text = text;
    this.changed = now.version !== before.version;
  }

  readonly changed: boolean;

  get value(): JsonValue | undefined {
    return this.#now.value;
  }

  get complete(): boolean {
    return this.#now.isComplete;
  }

  get growth(): readonly JsonGrowth[] {
    const before = this.#before;
    if (before !== undefined) {
      this.#before = undefined;
      this.#growth = growthBetween(before, this.#now, this.#text);
    }
    return this.#growth;
  }
}
