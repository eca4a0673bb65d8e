import { apiError } from '../../errors/apiError.js';
import { StreamError } from '../../errors/streamError.js';
import type { StreamEvent } from '../../events/event.js';
import { MAX_BLOCK_INDEX } from '../../events/block.js';
import type { Disorder } from './phase.js';

/** A disorder after which the events make no sense. */
export type Contradiction = Exclude<Disorder, 'message-repeated' | 'after-terminal'>;

/**
 * The failure that an event means for a reader that gathers the events.
 *
 * @param event - the event
 * @param disorder - what is wrong with it, if anything
 * @returns a StreamError: `api` for an `error` event; `protocol` for an event that contradicts those before it, retryable
 *   if two answers were mixed into one. `undefined` for any other event: one that repeats a start, ends a message that
 *   never began or follows an end changes nothing
 */
export function failureOf(event: StreamEvent, disorder: Disorder | undefined): StreamError | undefined {
  if (disorder === undefined) return event.type === 'error' ? apiError(event) : undefined;
  // A message that ends without a beginning does no harm; one that begins after blocks does.
  if (event.type === 'message_stop' || disorder === 'message-repeated' || disorder === 'after-terminal')
    return undefined;
  return contradiction(event, disorder);
}

/** @returns the error for an event that contradicts those before it, retryable if two answers were mixed into one */
export function contradiction(event: StreamEvent, disorder: Contradiction): StreamError {
  const index = 'index' in event ? event.index : '';
  const lateEvent = `A ${event.type} came for block ${index}, which`;
  const message = {
    'no-message': 'A block began before its message',
    'message-unfinished': 'Another message began inside an unfinished one',
    'index-taken': `Block ${index} began twice`,
    'bad-index': `A ${event.type} has the index ${index}, which is not an integer from 0 to ${MAX_BLOCK_INDEX}`,
    'block-unknown': `${lateEvent} never began`,
    'block-ended': `${lateEvent} has ended`,
  }[disorder];
  return new StreamError('protocol', message, { retryable: disorder === 'message-unfinished' });
}
