import { apiError } from '../../errors/apiError.js';
import { StreamError } from '../../errors/streamError.js';
import type { StreamEvent } from '../../events/event.js';
import { MAX_BLOCK_INDEX } from '../../events/block.js';
import type { Disorder } from './phase.js';

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
  return event.type === 'message_stop' ? undefined : contradiction(event, disorder);
}

/**
 * @returns the error for an event that contradicts those before it, retryable if two answers were mixed into one;
 *   `undefined` for one that changes nothing
 */
export function contradiction(event: StreamEvent, disorder: Disorder): StreamError | undefined {
  const index = 'index' in event ? event.index : '';
  const lateEvent = `A ${event.type} came for block ${index}, which`;
  const messages: Partial<Record<Disorder, string>> = {
    'no-message': 'A block began before its message',
    'message-unfinished': 'Another message began inside an unfinished one',
    'index-taken': `Block ${index} began twice`,
    'bad-index': `A ${event.type} has the index ${index}, which is not an integer from 0 to ${MAX_BLOCK_INDEX}`,
    'block-unknown': `${lateEvent} never began`,
    'block-ended': `${lateEvent} has ended`,
  };
  const message = messages[disorder];
  return message === undefined
    ? undefined
    : new StreamError('protocol', message, { retryable: disorder === 'message-unfinished' });
}
