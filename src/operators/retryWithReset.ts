import {
  asyncScheduler,
  concat,
  defer,
  EMPTY,
  from,
  merge,
  retry,
  tap,
  throwError,
  timer,
  type MonoTypeOperatorFunction,
  type ObservableInput,
  type OperatorFunction,
  type SchedulerLike,
} from 'rxjs';
import { truncated } from '../errors/streamError.js';
import type { EventsWith, ResetEvent, StreamEvent } from '../events/event.js';
import { reset } from '../events/make.js';
import { Attempt } from '../fold/order/attempt.js';
import { retryWait, type RetryOptions } from '../fold/pace/retryWait.js';
import { stopOf } from '../rx/stops.js';

/**
 * Sends the request again if it fails, even in the middle of the answer. Each further attempt begins with a `reset`
 * event, at which the gathering operators drop the failed attempt and begin anew.
 *
 * ```text
 * hot -m-o-t-e----n-o-u-c-z-|
 * > retryWithReset({ delay: 3, jitter: 0 })
 * -m-o-t----R-n-o-u-c-z-|
 * ^------!
 * ----------^-----------!
 * ```
 *
 * An attempt fails by an error of the source, by an `error` event, by another message inside an unfinished one, or by
 * ending before `message_stop`. The options mean the same as for {@link retryBeforeOutput}, which this operator includes:
 * use one of the two. After a whole message, everything passes unchanged.
 *
 * All operators on events understand `reset`, but they cannot take back what they have emitted for good. `toBlocks()`,
 * `toToolCalls()` and `textDeltas()` emit again what the next attempt has, and JSON that is read from `textDeltas()`
 * breaks. If that matters, gather first: `accumulateMessage()`, `toMessage()`, `toText()`. Run no tool before the message
 * is whole.
 *
 * ```ts
 * import { accumulateMessage, retryWithReset, streamEvents, streamTimeout } from 'rxjs-llm-stream';
 * import { anthropic } from 'rxjs-llm-stream/anthropic';
 *
 * streamEvents('/api/chat', { codec: anthropic })
 *   .pipe(streamTimeout({ idle: 20_000 }), retryWithReset(), accumulateMessage())
 *   .subscribe((message) => render(message.content));
 * ```
 *
 * @param options - how often to try again, after which failures, how long to wait, in ms, and who is told
 * @param scheduler - times the wait
 * @returns an operator from events to events, with a `reset` before each attempt except the first
 * @throws StreamError the failure of the last attempt: `api` for an `error` event, `protocol` for another message inside
 *   an unfinished one, `truncated` for an early end; errors of the source pass
 * @see {@link retryBeforeOutput} {@link streamTimeout}
 */
export function retryWithReset<E extends StreamEvent>(
  options?: RetryOptions,
  scheduler?: SchedulerLike,
): OperatorFunction<E, EventsWith<E, ResetEvent>>;
export function retryWithReset(
  options: RetryOptions = {},
  scheduler: SchedulerLike = asyncScheduler,
): MonoTypeOperatorFunction<StreamEvent> {
  return (events) =>
    defer(() => {
      let attempt: Attempt;
      let resets: readonly ResetEvent[] = [];
      let answer: ObservableInput<StreamEvent> = events;
      return defer(() => {
        attempt = new Attempt();
        return concat(
          resets,
          from(answer).pipe(tap((event) => attempt.add(event))),
          defer(() => (attempt.isWhole ? EMPTY : throwError(truncated))),
        );
      }).pipe(
        retry({
          delay: (error: unknown, failed) => {
            const wait = attempt.isWhole ? undefined : retryWait(error, failed, options);
            if (wait === undefined) return throwError(() => error);
            resets = [reset(failed + 1, error)];
            return merge(
              timer(wait, scheduler),
              stopOf<StreamEvent>(error).pipe(tap((end) => (answer = end))),
            );
          },
        }),
      );
    });
}
