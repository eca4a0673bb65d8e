import {
  asyncScheduler,
  concat,
  defer,
  EMPTY,
  retry,
  tap,
  throwError,
  timer,
  type MonoTypeOperatorFunction,
  type OperatorFunction,
  type SchedulerLike,
} from 'rxjs';
import { truncated } from '../errors/streamError.js';
import type { EventsWith, ResetEvent, StreamEvent } from '../events/event.js';
import { reset } from '../events/make.js';
import { Attempt } from '../fold/order/attempt.js';
import { retryWait, type RetryOptions } from '../fold/pace/retryWait.js';

/**
 * Sends the request again when it fails, also in the middle of the answer. Each further attempt begins with a `reset`
 * event, on which whatever gathers the answer drops the failed attempt and begins anew.
 *
 * ```text
 * hot -m-o-t-e----n-o-u-c-z-|
 * > retryWithReset({ delay: 3, jitter: 0 })
 * -m-o-t----R-n-o-u-c-z-|
 * ^------!
 * ----------^-----------!
 * ```
 *
 * An attempt fails by an error of the source, by an `error` event, by another message inside an unfinished one, and by
 * ending before `message_stop`. What is tried again, how often and after what wait is as for {@link retryBeforeOutput},
 * which this one includes: use one of the two. Once a message has ended well, everything passes as it came.
 *
 * All operators on events understand `reset`, but what they have emitted for good they cannot take back: `toBlocks()`,
 * `toToolCalls()` and `textDeltas()` emit again what the next attempt has, and JSON that is read from the text of
 * `textDeltas()` does not survive. Where that matters, gather first: `accumulateMessage()`, `toMessage()`, `toText()`.
 * Run no tool before the message is whole.
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
 * @param options - how often, after which failures and how long to wait, in ms
 * @param scheduler - what times the wait
 * @returns an operator from events to events, with a `reset` before each attempt but the first
 * @throws StreamError what the last attempt fails with: `api` for an `error` event, `protocol` for another message inside
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
      return defer(() => {
        attempt = new Attempt();
        return concat(
          resets,
          events.pipe(tap((event) => attempt.add(event))),
          defer(() => (attempt.isWhole ? EMPTY : throwError(truncated))),
        );
      }).pipe(
        retry({
          delay: (error: unknown, failed) => {
            const wait = attempt.isWhole ? undefined : retryWait(error, failed, options);
            if (wait === undefined) return throwError(() => error);
            resets = [reset(failed + 1, error)];
            return timer(wait, scheduler);
          },
        }),
      );
    });
}
