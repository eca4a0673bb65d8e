import {
  asyncScheduler,
  catchError,
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
  type SchedulerLike,
} from 'rxjs';
import type { StreamEvent } from '../events/event.js';
import { Opening } from '../fold/order/opening.js';
import { retryWait, type RetryOptions } from '../fold/pace/retryWait.js';
import { stopOf } from '../rx/stops.js';
import { transformWith } from '../rx/transform.js';

/**
 * Sends the request again if it fails before any content has come, so that nobody sees an answer twice. After the first
 * content, every failure passes.
 *
 * ```text
 * hot -m-e---n-o-t------c-z|
 * > retryBeforeOutput({ delay: 3, jitter: 0 })
 * -----------(not)--c-z|
 * ^--!
 * ------^--------------!
 * ```
 *
 * An attempt fails by an error of the source, by an `error` event, by another message inside an unfinished one, or by
 * ending too early. Its events are held back until the first content, and dropped if it fails; only pings pass at once.
 * Everything of the last attempt passes unchanged, including its `error` event.
 *
 * Only `retryable` failures are tried again: a lost connection, a timeout, an overloaded server, but not a wrong request.
 * The wait doubles with each attempt, minus a random part of up to a quarter, unless the server says how long to wait.
 * Unsubscribing ends the wait too.
 *
 * ```ts
 * import { retryBeforeOutput, streamEvents, streamTimeout, toMessage } from 'rxjs-llm-stream';
 * import { anthropic } from 'rxjs-llm-stream/anthropic';
 *
 * streamEvents('/api/chat', { codec: anthropic })
 *   .pipe(streamTimeout({ firstToken: 60_000 }), retryBeforeOutput({ count: 3 }), toMessage())
 *   .subscribe((message) => console.log(message.content));
 * ```
 *
 * @param options - how often to try again, after which failures, how long to wait, in ms, and who is told
 * @param scheduler - times the wait
 * @returns an operator from events to events
 * @throws the failure of the last attempt, unchanged
 * @see {@link retryWithReset} {@link streamTimeout}
 */
export function retryBeforeOutput<E extends StreamEvent>(
  options: RetryOptions = {},
  scheduler: SchedulerLike = asyncScheduler,
): MonoTypeOperatorFunction<E> {
  return (events) =>
    defer(() => {
      let opening: Opening<E>;
      let answer: ObservableInput<E> = events;
      const attempt = defer(() => {
        opening = new Opening<E>();
        return from(answer).pipe(transformWith(() => opening));
      });
      return attempt.pipe(
        retry({
          delay: (error: unknown, failed) => {
            const wait = opening.isShown ? undefined : retryWait(error, failed, options);
            return wait === undefined
              ? throwError(() => error)
              : merge(timer(wait, scheduler), stopOf<E>(error).pipe(tap((end) => (answer = end))));
          },
        }),
        catchError((error: unknown) =>
          concat(opening.release(), error === opening.failure ? EMPTY : throwError(() => error)),
        ),
      );
    });
}
