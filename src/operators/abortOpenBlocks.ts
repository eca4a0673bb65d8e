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
 * Gives every block an end: if the stream fails, ends too early or is cancelled, it emits a `block_abort` for each open
 * block, in the order of their indexes. Everything else passes unchanged.
 *
 * ```text
 * -m-o-t-b-i-#
 * > abortOpenBlocks()
 * -m-o-t-b-i-(QA#)
 * ^----------!
 * ```
 *
 * The aborts come before the error, before the `error` event, or before the completion of a source that completes inside
 * a block. When the notifier emits, the source is unsubscribed, then the aborts and the completion follow. A block that a
 * `message_stop` or another message leaves open is aborted before that event. A `reset` drops the open blocks without
 * aborts. A reply that ended in order has no open blocks.
 *
 * Without a `reason`, an abort has the message of the error, `Cancelled` after the notifier, or a sentence on how the
 * stream ended. The message of an error may say more than a browser should read, so give a reason if you send the events
 * on.
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
 * @param reason - what every abort says, whatever the cause
 * @param notifier - cancels with its first value. Its completion is ignored; if it fails, the stream fails
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
