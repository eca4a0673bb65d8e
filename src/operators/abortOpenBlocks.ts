import {
  defer,
  from,
  takeUntil,
  tap,
  type MonoTypeOperatorFunction,
  type ObservableInput,
  type OperatorFunction,
} from 'rxjs';
import { truncated } from '../errors/streamError.js';
import type { BlockAbortEvent, EventsWith, StreamEvent } from '../events/event.js';
import { OpenBlocks } from '../fold/order/openBlocks.js';
import { transform } from '../rx/transform.js';

/**
 * Gives every block an end: emits a `block_abort`, in the order of their indexes, for those that are open when the
 * stream fails, ends too early or is cancelled. Everything else passes as it is.
 *
 * ```text
 * -m-o-t-b-i-#
 * > abortOpenBlocks()
 * -m-o-t-b-i-(QA#)
 * ^----------!
 * ```
 *
 * An error follows the aborts, and so does an `error` event; a source that completes inside a block completes after
 * them. When the notifier emits, the source is let go, then come the aborts and the completion. A block that a
 * `message_stop` or another message leaves open is aborted before that event; a `reset` drops what was open, without a
 * word. Of a reply that ended well nothing is open.
 *
 * Without a reason of yours, an abort tells the message of the error, `Cancelled` for the notifier, or how the stream
 * ended. An error of your own code may say more than a browser is to read: where the events are sent on, give a reason.
 *
 * ```ts
 * import { fromEvent } from 'rxjs';
 * import { abortOpenBlocks, streamEvents, toBlocks } from 'rxjs-llm-stream';
 * import { anthropic } from 'rxjs-llm-stream/anthropic';
 *
 * const stop = fromEvent(document.querySelector('#stop')!, 'click');
 *
 * streamEvents('/api/chat', { codec: anthropic })
 *   .pipe(abortOpenBlocks('Stopped by the reader', stop))
 *   .subscribe((event) => console.log(event.type));
 * ```
 *
 * @param reason - what the aborts say, whatever their cause
 * @param notifier - cancels with its first value; that it completes means nothing, and its error is one of the stream
 * @returns an operator from events to events
 * @see {@link toBlocks} {@link untilTerminal}
 */
export function abortOpenBlocks<E extends StreamEvent>(
  reason?: string,
  notifier?: ObservableInput<unknown>,
): OperatorFunction<E, EventsWith<E, BlockAbortEvent>>;
export function abortOpenBlocks(
  reason?: string,
  notifier?: ObservableInput<unknown>,
): MonoTypeOperatorFunction<StreamEvent> {
  return (events) =>
    defer(() => {
      const open = new OpenBlocks(reason);
      let ending = truncated().message;
      const cancelled = notifier && from(notifier).pipe(tap(() => (ending = 'Cancelled')));
      return (cancelled ? events.pipe(takeUntil(cancelled)) : events).pipe(
        transform<StreamEvent, StreamEvent>(
          (event, emit) => {
            open.add(event).forEach(emit);
            emit(event);
          },
          {
            complete: (emit) => open.abort(ending).forEach(emit),
            error: (error, emit) =>
              open.abort(error instanceof Error ? error.message : String(error)).forEach(emit),
          },
        ),
      );
    });
}
