import { concat, defer, EMPTY, takeWhile, throwError, type MonoTypeOperatorFunction } from 'rxjs';
import { apiError } from '../../errors/apiError.js';
import { truncated } from '../../errors/streamError.js';
import { isTurnResponse, type AnyRpcEvent } from './rpcEvent.js';
import { errorOf } from './turnEnd.js';

/**
 * Completes right after the response to a prompt, which it still emits, and lets go of the source before anything else
 * happens. A turn that was cancelled ends well; its response says so.
 *
 * ```text
 * -t-x-e-o-p-t-|
 * > untilTurnEnd('1')
 * -t-x-e-o-(p|)
 * ^--------!
 * ```
 *
 * A response that says that the turn failed becomes a `StreamError`. What ends other turns passes, and so do `error`
 * frames: of a turn that failed the response comes after them. But a prompt that was refused gets an `error` with its
 * id and nothing else, so a `timeout` behind this is in place.
 *
 * ```ts
 * import { from } from 'rxjs';
 * import { ndjson } from 'rxjs-llm-stream';
 * import { decodeRpc, untilTurnEnd } from 'rxjs-llm-stream/synaps';
 *
 * from(['{"type":"response","id":"1","command":"prompt","ok":true}\n'])
 *   .pipe(ndjson(), decodeRpc(), untilTurnEnd('1'))
 *   .subscribe({ complete: () => console.log('a whole turn') });
 * ```
 *
 * @param promptId - the `id` that the prompt was sent with
 * @returns an operator from the protocol's events to the same events
 * @throws StreamError `api` for a turn that failed, its `errorType` being the `code` or `kind` of the outcome and its
 *   `requestId` the correlation id; `truncated` for a source that ends before the turn does
 * @see {@link unwrapMessageUpdate}
 */
export function untilTurnEnd(promptId: string): MonoTypeOperatorFunction<AnyRpcEvent> {
  return (events) =>
    defer(() => {
      let ended = false;
      const goesOn = (event: AnyRpcEvent): boolean => {
        if (!isTurnResponse(event) || event.id !== promptId) return true;
        if (!event.ok) throw apiError(errorOf(event));
        ended = true;
        return false;
      };
      // `concat` goes on only when its first part is torn down, whereas `takeWhile` alone completes before that.
      return concat(
        events.pipe(takeWhile(goesOn, true)),
        defer(() => (ended ? EMPTY : throwError(truncated))),
      );
    });
}
