import { truncated } from '../errors/streamError.js';

/**
 * Holds a source that has completed to what it began.
 *
 * @param answer - what it told
 * @throws StreamError `truncated` where something has begun that has not ended
 */
export function requireEnd(answer: { readonly isUnfinished: boolean }): void {
  if (answer.isUnfinished) throw truncated();
}
