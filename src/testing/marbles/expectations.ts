import type { Letters } from '../letters/letters.js';
import type { Span } from '../letters/notation.js';
import { parted, subscribedOtherwise } from './mismatch.js';
import type { Notice } from './notice.js';
import type { Watch } from './watch.js';

/** One `expectObservable` or `expectSubscriptions` of a test. */
export interface Expectation {
  readonly name: 'expectObservable' | 'expectSubscriptions';
  readonly watch?: Watch | undefined;
  /** What the letters of its row stand for, once it has one. */
  letters?: Letters;
  /** Where the test says what is expected. */
  place?: Error;
}

/**
 * The expectations of one run. `TestScheduler` compares those that are ready whenever it is flushed, in the order in
 * which they were made, and knows only what happened; the rest is kept here.
 */
export class Expectations {
  readonly #open: Expectation[] = [];
  readonly #failures: Error[] = [];

  /** Remembers an expectation, in its order. */
  add(expectation: Expectation): Expectation {
    this.#open.push(expectation);
    return expectation;
  }

  /** What `TestScheduler` compares with. */
  readonly compare = (actual: readonly Notice[] | readonly Span[], expected: typeof actual): void => {
    const nth = this.#open.findIndex(({ place }) => place !== undefined);
    const [expectation] = this.#open.splice(nth, 1);
    const { letters = {}, place, watch, name } = expectation ?? {};
    const apart =
      name === 'expectSubscriptions'
        ? subscribedOtherwise(expected as readonly Span[], actual as readonly Span[])
        : parted(expected as readonly Notice[], actual as readonly Notice[], letters);
    // What changes later is often why the marbles differ.
    const reasons = [watch?.changes(), apart].filter((reason) => reason !== undefined);
    if (reasons.length > 0) this.#failures.push(failure(reasons.join('\n\n'), place));
  };

  /** @throws Error with the first failure since the last report */
  report(): void {
    const [first] = this.#failures.splice(0);
    if (first) throw first;
  }

  /** @throws Error with the first expectation that compares nothing, because it has no `toBe` */
  close(): void {
    const [open] = this.#open;
    if (open) throw new Error(`${open.name}(…) compares nothing without toBe(…)`);
  }
}

/** Marks where a test says what is expected, so that the runner points there. */
export function here(caller: (...args: never[]) => unknown): Error {
  const place = new Error();
  // Only the engines that write a stack as text can leave frames out of it.
  Error.captureStackTrace?.(place, caller);
  return place;
}

function failure(message: string, place: Error | undefined): Error {
  const error = new Error(message);
  const [, frames] = /^[^\n]*\n(\s+at [^]*)$/.exec(place?.stack ?? '') ?? [];
  if (frames !== undefined) error.stack = `Error: ${message}\n${frames}`;
  return error;
}
