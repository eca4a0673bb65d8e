import {
  asyncScheduler,
  catchError,
  concat,
  defer,
  EMPTY,
  filter,
  fromEvent,
  merge,
  Observable,
  retry,
  take,
  tap,
  throwError,
  timer,
  type MonoTypeOperatorFunction,
  type SchedulerLike,
} from 'rxjs';
import { isStreamError, truncated } from '../errors/streamError.js';
import { isTerminal, type StreamEvent } from '../events/event.js';
import { retryWait } from '../fold/pace/retryWait.js';
import type { Cursor } from './cursor.js';
import type { EventReader } from './eventReader.js';

/** How an answer is gone on with whose connection was lost. */
export interface ResumeOptions {
  /**
   * Where to ask for the rest. Default: the `location` or `content-location` of the answer, where it is of the same origin,
   * else the address of the request itself.
   */
  readonly url?: string | URL | undefined;
  /** How often to ask in a row without getting anything. Default 5. */
  readonly attempts?: number | undefined;
  /**
   * The wait before the first of them, in ms, unless the server says `retry:`; it doubles with each further one, up to 8 s,
   * minus a random part of up to a quarter. Default 500.
   */
  readonly delay?: number | undefined;
  /**
   * Whatever it emits ends a wait at once. Default: the events `online` and `pageshow` of a page, and `visibilitychange` when
   * it becomes visible.
   */
  readonly wake?: Observable<unknown> | undefined;
}

/** The longest wait that a growing one comes to, in ms. */
const LONGEST = 8_000;

/** How often to ask, how long to wait, and how much of a wait is left to chance. */
export interface Pace extends Omit<ResumeOptions, 'url'> {
  readonly jitter?: number | undefined;
}

/**
 * Goes on with an answer whose connection was lost, or ended before the answer did: it subscribes to the source again, which
 * asks for what follows. Whoever reads the events notices nothing but the wait.
 *
 * ```text
 * hot -1-2-3-X---3-4-5-6-|
 * > resumed({ delay: 2, jitter: 0 })
 * -m-o-t-------u-c-z-|
 * ^------!
 * ---------^---------!
 * ```
 *
 * @param cursor - what the reader has
 * @param reader - reads all connections
 * @param pace - how often to ask, and how long to wait
 * @param scheduler - times the wait
 * @returns an operator on the events of one connection
 */
export function resumed(
  cursor: Cursor,
  reader: EventReader,
  { attempts = 5, delay, jitter, wake = awake() }: Pace = {},
  scheduler: SchedulerLike = asyncScheduler,
): MonoTypeOperatorFunction<StreamEvent> {
  return (connection) =>
    defer(() => {
      let failed = 0;
      let retryMs: number | undefined;
      const wait = (error: unknown): Observable<unknown> => {
        failed = cursor.hasMoved ? 1 : failed + 1;
        retryMs = reader.retryMs ?? retryMs;
        const waitMs = cursor.canResume
          ? retryWait(error, failed, {
              count: attempts,
              delay: retryMs ?? delay,
              maxDelay: Math.max(LONGEST, retryMs ?? 0),
              jitter,
            })
          : undefined;
        if (waitMs === undefined) return throwError(() => error);
        cursor.reconnect();
        return merge(timer(waitMs, scheduler), wake).pipe(take(1));
      };
      // What the server said of itself, which is no part of the run, is why there is no more.
      const lastWords = (error: unknown): Observable<StreamEvent> => {
        if (reader.hasEnded && hasNoMore(error, cursor)) return finished(reader);
        if (!cursor.isHolding) return throwError(() => error);
        let hasEnded = false;
        return concat(
          finished(reader).pipe(tap((event) => (hasEnded = isTerminal(event)))),
          defer(() => (hasEnded ? EMPTY : throwError(() => error))),
        );
      };
      return concat(
        connection,
        defer(() => (reader.isOver ? EMPTY : throwError(truncated))),
      ).pipe(retry({ delay: wait }), catchError(lastWords));
    });
}

/** The end of an answer that nobody is asked for more of. */
export function finished(reader: EventReader): Observable<StreamEvent> {
  return new Observable((subscriber) => {
    reader.finish(subscriber);
    subscriber.complete();
  });
}

/**
 * Whether the server was asked behind a whole message, as it is where that ends with calls of tools, and has nothing more:
 * it brought nothing as often as it was asked, or it answers nobody where only the request told us to ask.
 */
function hasNoMore(error: unknown, { hasAddress }: Cursor): boolean {
  if (!isStreamError(error)) return false;
  const { code, status } = error;
  return (
    code === 'truncated' || (!hasAddress && (code === 'not-a-stream' || status === 404 || status === 405))
  );
}

/** A page that is seen again, or is online again. There is no such thing on a server. */
function awake(): Observable<unknown> {
  const page = globalThis as Partial<Pick<Window, 'addEventListener' | 'removeEventListener' | 'document'>>;
  const { addEventListener, removeEventListener } = page;
  if (!addEventListener || !removeEventListener) return EMPTY;
  return merge(
    ...['online', 'pageshow', 'visibilitychange'].map((name) => fromEvent(page as Window, name)),
  ).pipe(filter(() => page.document?.visibilityState !== 'hidden'));
}
