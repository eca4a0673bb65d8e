import type { MonoTypeOperatorFunction, OperatorFunction } from 'rxjs';
import { lookable } from '../errors/lookable.js';
import { truncated } from '../errors/streamError.js';
import type { BlockAbortEvent, EventsWith, StreamEvent } from '../events/event.js';
import { OpenBlocks } from '../fold/order/openBlocks.js';
import { transformWith } from '../rx/transform.js';

/**
 * Gives every block an end: if the stream fails or ends too early, it emits a `block_abort` for each open block, in the
 * order of their indexes. Everything else passes unchanged.
 *
 * ```text
 * -m-o-t-b-i-#
 * > abortOpenBlocks()
 * -m-o-t-b-i-(QA#)
 * ^----------!
 * ```
 *
 * The aborts come before the error, before the `error` event, or before the completion of a source that completes inside
 * a block. A block that a `message_stop` or another message leaves open is aborted before that event. A `reset` drops the
 * open blocks without aborts. A reply that ended in order has no open blocks.
 *
 * Without a `reason`, an abort has the message of the error, or a sentence on how the stream ended. The message of an
 * error may say more than a browser should read, so give a reason if you send the events on.
 *
 * ```ts
 * import { abortOpenBlocks, streamEvents } from 'rxjs-llm-stream';
 * import { anthropic } from 'rxjs-llm-stream/anthropic';
 *
 * streamEvents('/api/chat', { codec: anthropic })
 *   .pipe(abortOpenBlocks('The answer broke off'))
 *   .subscribe((event) => console.log(event.type));
 * ```
 *
 * @param reason - what every abort says, whatever the cause
 * @returns an operator from events to events
 * @see {@link stopOn} {@link toBlocks}
 */
export function abortOpenBlocks<E extends StreamEvent>(
  reason?: string,
): OperatorFunction<E, EventsWith<E, BlockAbortEvent>>;
export function abortOpenBlocks(reason?: string): MonoTypeOperatorFunction<StreamEvent> {
  return transformWith<StreamEvent, StreamEvent>(() => {
    const open = new OpenBlocks(reason);
    return {
      next(event, emit) {
        open.add(event).forEach(emit);
        emit(event);
      },
      complete: (emit) => open.abort(truncated().message).forEach(emit),
      error(error, emit) {
        const cause = lookable(error);
        open.abort(cause instanceof Error ? cause.message : String(cause)).forEach(emit);
      },
    };
  });
}
