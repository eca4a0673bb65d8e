import { alphabet } from '../letters/alphabet.js';
import type { Span } from '../letters/notation.js';
import { parted, subscribedOtherwise } from './mismatch.js';
import type { Notice } from './notice.js';

/**
 * Compares what happened with what is expected, as strictly and with the same messages as {@link runMarbles}, for your
 * own `TestScheduler`:
 *
 * ```ts
 * import { TestScheduler } from 'rxjs/testing';
 * import { assertMarbles } from 'rxjs-llm-stream/testing';
 *
 * const scheduler = new TestScheduler(assertMarbles);
 * ```
 *
 * @param actual - the messages that a subscriber received, or the subscriptions that a source has seen
 * @param expected - what was drawn
 * @throws Error where they differ
 */
export function assertMarbles(
  actual: readonly Notice[] | readonly Span[],
  expected: readonly Notice[] | readonly Span[],
): void {
  const reason =
    areSpans(actual) && areSpans(expected)
      ? subscribedOtherwise(expected, actual)
      : parted(expected as readonly Notice[], actual as readonly Notice[], alphabet);
  if (reason !== undefined) throw new Error(reason);
}

/** An empty list may be either. */
function areSpans(list: readonly Notice[] | readonly Span[]): list is readonly Span[] {
  return list.every((item) => 'subscribedFrame' in item);
}
