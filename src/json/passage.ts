import { isAt, momentOf, type Moment } from './moment.js';
import type { Parser } from './parser.js';
import { Step, type LazySnapshot, type SnapshotSource } from './snapshot.js';

/**
 * Fragments that were read as one, because nobody had looked at what they show. Whoever looks at it later lets them be
 * read once more, one by one; what they built is there, and is shared.
 */
export class Passage implements SnapshotSource {
  readonly #beginning: LazySnapshot;
  readonly #follower: Parser;
  readonly #first: Moment;
  readonly #last: Moment;

  /**
   * @param beginning - the snapshot of the first fragment, to which the others are linked
   * @param follower - stands where that fragment begins
   * @param first - what was known there
   * @param last - what was known after the last fragment
   */
  constructor(beginning: LazySnapshot, follower: Parser, first: Moment, last: Moment) {
    this.#beginning = beginning;
    this.#follower = follower;
    this.#first = first;
    this.#last = last;
    let snapshot = beginning;
    for (; snapshot.next !== undefined; snapshot = snapshot.next) snapshot.ask(this);
    snapshot.ask(new Step(last, undefined, '', this));
  }

  show(): void {
    const follower = this.#follower;
    let before = this.#first;
    let snapshot: LazySnapshot | undefined = this.#beginning;
    while (snapshot !== undefined) {
      const grown = follower.failure === undefined ? follower.read(snapshot.fragment) : '';
      // The last moment may have been looked at, and its value is to stay the same.
      const moment = isAt(follower, this.#last) ? this.#last : momentOf(follower, before);
      snapshot.ask(new Step(moment, before, grown));
      before = moment;
      const next: LazySnapshot | undefined = snapshot.next;
      snapshot.next = undefined;
      snapshot = next;
    }
  }
}
