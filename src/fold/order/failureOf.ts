import { apiError } from '../../errors/apiError.js';
import { StreamError } from '../../errors/streamError.js';
import type { StreamEvent } from '../../events/event.js';
import { MAX_BLOCK_INDEX } from '../../events/blockIndex.js';
import type { Disorder } from './phase.js';

/** A disorder that leaves nothing to go on with. */
export type Contradiction = Exclude<Disorder, 'no-message' | 'message-repeated' | 'after-terminal'>;

/**
 * What an event means for whoever adds the events up.
 *
 * @param event - the event that came
 * @param disorder - what is wrong with it, if anything
 * @returns the failure that it is: `api` for an `error` event, `protocol` for an event that contradicts those before it,
 *   retryable where two answers were mixed into one; `undefined` for any other event: one that repeats a start, ends a
 *   message that never began or follows an end changes nothing
 */
export function failureOf(event: StreamEvent, disorder: Disorder | undefined): StreamError | undefined {
  switch (disorder) {
    case undefined:
      return event.type === 'error' ? apiError(event) : undefined;
    case 'message-repeated':
    case 'after-terminal':
      return undefined;
    case 'no-message':
      return event.type === 'message_start' ? blockBeforeMessage() : undefined;
    default:
      return contradiction(event, disorder);
  }
}

/** @returns the failure of blocks that came without a message, where a message is asked for */
export function blockBeforeMessage(): StreamError {
  return new StreamError('protocol', 'A block began before its message');
}

/**
 * The error that an event is which contradicts those before it.
 *
 * @param event - the event that came
 * @param disorder - how it contradicts them
 * @returns a StreamError `protocol`; retryable where two answers were mixed into one
 */
export function contradiction(event: StreamEvent, disorder: Contradiction): StreamError {
  const index = 'index' in event ? String(event.index) : '';
  const retryable = disorder === 'message-unfinished';
  return new StreamError('protocol', sentence(event.type, index, disorder), { retryable });
}

function sentence(type: string, index: string, disorder: Contradiction): string {
  switch (disorder) {
    case 'message-unfinished':
      return 'Another message began inside an unfinished one';
    case 'index-taken':
      return `Block ${index} began twice`;
    case 'bad-index':
      return `A ${type} has the index ${index}, which is not an integer from 0 to ${MAX_BLOCK_INDEX}`;
    case 'block-unknown':
      return `A ${type} came for block ${index}, which never began`;
    case 'block-ended':
      return `A ${type} came for block ${index}, which has ended`;
  }
}
