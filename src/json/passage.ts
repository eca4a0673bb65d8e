import type { Parser } from './parser.js';
import { isAt, momentOf, type LazySnapshot, type Moment, type SnapshotSource } from './snapshot.js';

/**
 * Fragments that were read as one, because nobody had looked at what they show. Whoever looks at it later lets them be
 * read once more, one by one; what they built is there, and is shared.
 */
export class Passage implements SnapshotSource {
  readonly #snapshots: readonly LazySnapshot[];
  readonly #follower: Parser;
  readonly #first: Moment;
  readonly #last: Moment;

  /**
   * @param snapshots - one of each fragment
   * @param follower - stands where the first fragment begins
   * @param first - what was known there
   * @param last - what was known after the last fragment
   */
  constructor(snapshots: readonly LazySnapshot[], follower: Parser, first: Moment, last: Moment) {
    this.#snapshots = snapshots;
    this.#follower = follower;
    this.#first = first;
    this.#last = last;
    for (const snapshot of snapshots) snapshot.ask(this);
    snapshots.at(-1)?.ask(this, last);
  }

  show(): void {
    const follower = this.#follower;
    let before = this.#first;
    for (const snapshot of this.#snapshots) {
      const grown = follower.failure === undefined ? follower.read(snapshot.fragment) : '';
      // The last moment may have been looked at, and its value is to stay the same.
      const moment = isAt(follower, this.#last) ? this.#last : momentOf(follower, before);
      snapshot.know(moment, before, grown);
      before = moment;
    }
  }
}
