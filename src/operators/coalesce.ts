import {
  asyncScheduler,
  concat,
  defer,
  dematerialize,
  EMPTY,
  materialize,
  mergeMap,
  observeOn,
  queueScheduler,
  Subject,
  takeUntil,
  timer,
  type MonoTypeOperatorFunction,
  type ObservableNotification,
  type SchedulerLike,
} from 'rxjs';
import type { StreamEvent } from '../events/event.js';
import { growing, growthOf } from '../fold/pace/growth.js';
import { LONGEST_TIMER } from '../fold/pace/retryWait.js';

/** Options of {@link coalesce}. */
export interface CoalesceOptions {
  /** How long a delta may wait for more of its block, in ms; `Infinity` for as long as its block grows. */
  readonly within: number;
}

/** A delta does not grow beyond this, in UTF-16 units. */
const LONGEST = 16_384;

/**
 * Joins neighbouring deltas of one block into one, so that what writes each event writes fewer: a log, a socket, a store.
 *
 * ```text
 * -m-o-t-u---t--c----z-|
 * > coalesce({ within: 4 })
 * -m-o-----A----(tc)-z-|
 * ^--------------------!
 * ```
 *
 * The first delta of a text, of thinking or of a call's input waits, and those that follow within that time join it. Any
 * other event, one of another block too, the completion and an error let go at once what waits, and nothing overtakes.
 *
 * ```ts
 * import { coalesce, untilTerminal } from 'rxjs-llm-stream';
 * import { toLog } from 'rxjs-llm-stream/log';
 *
 * answer.pipe(untilTerminal(), coalesce({ within: 25 }), toLog(log, run)).subscribe();
 * ```
 *
 * @param options - `within`, in ms
 * @param scheduler - whose time it is
 * @returns an operator from events to events. Deltas that were joined have no id
 * @see {@link smoothText}
 */
export function coalesce<E extends StreamEvent>(
  { within }: CoalesceOptions,
  scheduler: SchedulerLike = asyncScheduler,
): MonoTypeOperatorFunction<E> {
  return (events) =>
    defer(() => {
      let waiting: E | undefined;
      /** Of what waits. */
      let key: string | undefined;
      let pieces: string[] = [];
      let length = 0;
      /** Ends the wait of what was taken: nothing else knows when that is. */
      const taken = new Subject<void>();
      const take = (): ObservableNotification<E>[] => {
        if (waiting === undefined) return [];
        // A single one passes as it came, its id too.
        const value = pieces.length === 1 ? waiting : growing(waiting, pieces.join(''));
        // Before it is emitted: what comes meanwhile waits for a time of its own.
        waiting = key = undefined;
        taken.next();
        return [{ kind: 'N', value }];
      };
      return events.pipe(
        // An event that comes while another is delivered waits for its turn.
        observeOn(queueScheduler),
        materialize(),
        mergeMap((notification) => {
          if (notification.kind !== 'N') return [...take(), notification];
          const growth = growthOf(notification.value);
          if (growth === undefined) return [...take(), notification];
          length += growth.text.length;
          if (growth.key === key && length <= LONGEST) {
            pieces.push(growth.text);
            return EMPTY;
          }
          const before = take();
          waiting = notification.value;
          key = growth.key;
          pieces = [growth.text];
          length = growth.text.length;
          const due = timer(Math.min(within, LONGEST_TIMER), scheduler).pipe(takeUntil(taken));
          return concat(before, due.pipe(mergeMap(take)));
        }),
        dematerialize(),
      );
    });
}
