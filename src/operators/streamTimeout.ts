import {
  asyncScheduler,
  catchError,
  defer,
  EMPTY,
  NEVER,
  of,
  repeat,
  switchMap,
  takeUntil,
  tap,
  throwError,
  timer,
  type MonoTypeOperatorFunction,
  type Observable,
  type SchedulerLike,
} from 'rxjs';
import { StreamError } from '../errors/streamError.js';
import type { TimeoutKind } from '../errors/streamErrorCode.js';
import type { StreamEvent } from '../events/event.js';
import { Clocks, type Deadline, type StreamTimeoutOptions } from '../fold/pace/clocks.js';
import { LONGEST_TIMER } from '../fold/pace/retryWait.js';

/**
 * Fails when the stream stalls: when its first content, its next event or its end takes longer than allowed. The
 * source is unsubscribed, which aborts the request, before the error comes.
 *
 * ```text
 * -m-o-t--p-p--p-z|
 * > streamTimeout({ idle: 6 })
 * -m-o-t--p-p#
 * ^----------!
 * ```
 *
 * The stream is measured, not its reader: where a clock has run out while the thread was busy, what has come meanwhile is
 * let in before the clock is looked at again.
 *
 * `firstToken` waits for the first content, from the subscription on: a delta or block that is not empty, a tool call.
 * Neither `message_start` nor a ping is content. `idle` waits for the next event, whatever it is, once content has come;
 * without `firstToken` it waits for the first event too. `total` waits for the end. After a terminal event nothing is
 * waited for.
 *
 * A ping says that the server is there, not that the model is at work, and streams are known to stall behind pings for
 * ever; so it does not count, unless `pingsKeepAlive` makes `idle` a watch over the connection alone. Put the operator
 * right behind the source, before `dropPings()` and before anything that retries.
 *
 * Where the stream is sent on to somebody who may not read, a `gate` that the source heeds too stops the clocks while it is
 * closed, or a slow reader would look like a provider that stalls.
 *
 * ```ts
 * import { retryBeforeOutput, streamEvents, streamTimeout, textDeltas, untilTerminal } from 'rxjs-llm-stream';
 * import { anthropic } from 'rxjs-llm-stream/anthropic';
 *
 * streamEvents('/api/chat', { codec: anthropic })
 *   .pipe(streamTimeout({ firstToken: 60_000, idle: 20_000 }), retryBeforeOutput(), untilTerminal(), textDeltas())
 *   .subscribe((text) => process.stdout.write(text));
 * ```
 *
 * @param options - how long each may take, in ms, whether pings count, and the `gate`
 * @param scheduler - whose time it is
 * @returns an operator from events to events
 * @throws StreamError `timeout` with `kind` and `timeoutMs`; where several clocks have run out, for the one that did so
 *   first. What had arrived is attached by the operator that gathers it, `toMessage` say. Errors of the source pass
 * @see {@link retryBeforeOutput}
 */
export function streamTimeout<E extends StreamEvent>(
  options: StreamTimeoutOptions = {},
  scheduler: SchedulerLike = asyncScheduler,
): MonoTypeOperatorFunction<E> {
  const { gate = of(true) } = options;
  return (events) =>
    defer(() => {
      /** From when time is counted, which is later by each time that the gate was closed, and since when it is. */
      let zero = scheduler.now();
      let since: number | undefined;
      const now = (): number => (since ?? scheduler.now()) - zero;
      const clocks = new Clocks(options);
      // One timer at a time: an event moves a deadline, never a timer, which is set anew only when it has fired.
      const expiry = defer(() => wait(clocks.rest(now()), scheduler)).pipe(
        // Where the thread was busy, or the page slept, what came in time still waits: one turn of the loop lets it in.
        switchMap(() => (clocks.expired(now()) ? timer(0, scheduler) : EMPTY)),
        switchMap(() => failure(clocks.expired(now()))),
        repeat(),
      );
      const running = gate.pipe(
        switchMap((isOpen) => {
          zero = scheduler.now() - now();
          since = isOpen ? undefined : scheduler.now();
          return isOpen ? expiry : NEVER;
        }),
      );
      const heard = events.pipe(
        tap((event) => clocks.hear(event, now())),
        takeUntil(running),
      );
      // It tears the source down before the error goes on.
      return heard.pipe(catchError((error: unknown) => throwError(() => error)));
    });
}

function wait(ms: number, scheduler: SchedulerLike): Observable<unknown> {
  return ms === Infinity ? NEVER : timer(Math.min(ms, LONGEST_TIMER), scheduler);
}

const MISSED: Readonly<Record<TimeoutKind, string>> = { firstToken: 'content', idle: 'event', total: 'end' };

function failure(expired: Deadline | undefined): Observable<never> {
  if (!expired) return EMPTY;
  const message = `No ${MISSED[expired.kind]} came within ${expired.timeoutMs} ms`;
  return throwError(() => new StreamError('timeout', message, expired));
}
