import {
  defer,
  Subject,
  tap,
  type MonoTypeOperatorFunction,
  type Observer,
  type OperatorFunction,
} from 'rxjs';

/**
 * Runs an operator on the side of a stream: what it gives goes to the observer, and the stream passes unchanged.
 *
 * ```text
 * -m-o-t-c-y-z|
 * > branch(accumulateUsage(), meter)
 * -m-o-t-c-y-z|
 * ^-----------!
 * ```
 *
 * The side hears each value before the stream goes on, so a meter has counted it by the time that somebody sees it. What
 * fails on the side goes to `observer.error`, if there is one, and ends the side alone. The side completes and fails with
 * the source, and is unsubscribed with the stream.
 *
 * ```ts
 * import { branch, streamEvents, sumUsage, untilTerminal } from 'rxjs-llm-stream';
 * import { anthropic } from 'rxjs-llm-stream/anthropic';
 *
 * streamEvents('/api/chat', { codec: anthropic })
 *   .pipe(
 *     untilTerminal(),
 *     branch(sumUsage(), {
 *       next: ({ output_tokens }) => meter.set(output_tokens),
 *       error: (error) => console.error('not counted', error),
 *     }),
 *   )
 *   .subscribe((event) => console.log(event.type));
 * ```
 *
 * @param operator - what runs on the side, any operator
 * @param observer - what hears its values, its failure and its completion
 * @returns an operator that passes everything as it comes
 */
export function branch<T, R>(
  operator: OperatorFunction<NoInfer<T>, R>,
  observer: Partial<Observer<R>>,
): MonoTypeOperatorFunction<T> {
  return (source) =>
    defer(() => {
      // `connect` would draw on from a synchronous source whose subscriber has left.
      const side = new Subject<T>();
      // In a `defer`, so that an operator that throws when it is put to use fails on the side, too.
      const subscription = defer(() => operator(side)).subscribe({
        next: (value) => observer.next?.(value),
        error: (error: unknown) => observer.error?.(error),
        complete: () => observer.complete?.(),
      });
      return source.pipe(
        // Not the subject itself: `tap` would take its `subscribe` for a callback, and call it.
        tap({
          next: (value) => side.next(value),
          error: (error: unknown) => side.error(error),
          complete: () => side.complete(),
          finalize: () => subscription.unsubscribe(),
        }),
      );
    });
}
