import { ReplaySubject, share, type MonoTypeOperatorFunction } from 'rxjs';

/** Options of {@link shareSnapshot}. */
export interface ShareSnapshotOptions {
  /** Whether the source goes on when the last subscriber has left. Default false: it is let go, and the request ends. */
  readonly keepAlive?: boolean | undefined;
}

/**
 * Lets any number of subscribers share one request: the first one subscribes to the source, and whoever comes later gets
 * the latest snapshot at once, then goes on with the others.
 *
 * ```text
 * -A-B-C-D-|
 * > joinedAfter(4, shareSnapshot())
 * ----BC-D-|
 * ^--------!
 * ```
 *
 * The drawing shows what a subscriber sees that comes four frames after another one. The operator holds one value: use it
 * behind an operator that emits snapshots, such as `accumulateMessage()` or `accumulateState()`. Behind events, whoever
 * comes late would miss what came before.
 *
 * When the last subscriber leaves, the source is let go, and the next one begins anew; with `keepAlive` it goes on to
 * its end. That end is kept: whoever comes after the completion gets the last snapshot and the completion, whoever comes
 * after an error the last snapshot and the error, and neither sends the request again. So `retry()`, which subscribes
 * again, belongs before this operator.
 *
 * ```ts
 * import { accumulateMessage, shareSnapshot, streamEvents, untilTerminal } from 'rxjs-llm-stream';
 * import { anthropic } from 'rxjs-llm-stream/anthropic';
 *
 * const message = streamEvents('/api/chat', { codec: anthropic }).pipe(
 *   untilTerminal(),
 *   accumulateMessage(),
 *   shareSnapshot(),
 * );
 * message.subscribe(({ content }) => render(content));
 * message.subscribe(({ usage }) => console.log(usage.output_tokens));
 * ```
 *
 * @param options - whether the source goes on without subscribers
 * @returns an operator that passes values, errors and completion to all subscribers
 * @see {@link accumulateMessage} {@link accumulateState}
 */
export function shareSnapshot<T>({
  keepAlive = false,
}: ShareSnapshotOptions = {}): MonoTypeOperatorFunction<T> {
  return share({
    connector: () => new ReplaySubject<T>(1),
    resetOnRefCountZero: !keepAlive,
    resetOnComplete: false,
    resetOnError: false,
  });
}
