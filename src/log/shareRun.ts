import { filter, Observable, of, Subject, Subscription, tap } from 'rxjs';
import type { StreamEvent } from '../events/event.js';
import { BEGINNING, withId } from '../events/id.js';
import type { Gate } from '../rx/gate.js';
import { Course } from './course.js';
import { Digest, newMark } from './digest.js';
import { givenBy } from './given.js';
import type { EntryId, RunLog } from './runLog.js';

/** Options of a viewer of {@link shareRun}. */
export interface ViewOptions {
  /** While it is closed the viewer gets nothing; then it gets what came meanwhile in few events. */
  readonly gate?: Gate | undefined;
}

/**
 * Lets any number of viewers in this process share one reader of each run. Who comes late gets the answer so far in few
 * events, and so does who was slow: nothing waits for a viewer, so a run costs its messages, and a viewer next to nothing.
 *
 * ```ts
 * import { anthropic } from 'rxjs-llm-stream/anthropic';
 * import { shareRun } from 'rxjs-llm-stream/log';
 * import { respond } from 'rxjs-llm-stream/server';
 *
 * const view = shareRun(log);
 * const GET = (request: Request, run: string) =>
 *   respond((gate) => view(run, { gate }), { codec: anthropic, signal: request.signal });
 * ```
 *
 * @param log - where the runs are kept
 * @returns makes an Observable of the events of a run. Those that come together have one id, which stands on the last of
 *   them: a viewer that was cut off before it resumes before them all. It fails as {@link fromLog}
 */
export function shareRun(log: RunLog): (run: string, options?: ViewOptions) => Observable<StreamEvent> {
  const hubs = new Map<string, Hub>();
  return (run, { gate = of(true) } = {}) =>
    new Observable((subscriber) => {
      const hub = hubs.get(run) ?? new Hub();
      hubs.set(run, hub);
      const forget = (): void => {
        if (hubs.get(run) === hub) hubs.delete(run);
      };
      const mark = newMark();
      let isOpen = false;
      let before: EntryId | undefined;
      let isShowing = false;
      const show = (): void => {
        // What comes while a viewer hears something waits until it has heard all of that.
        if (isShowing) return;
        isShowing = true;
        while (isOpen && !subscriber.closed) {
          const events = hub.digest.since(mark);
          const { at, end } = hub;
          if (events.length === 0) {
            end?.(subscriber);
            break;
          }
          events.forEach((event, nth) => {
            const id = nth < events.length - 1 ? (before ?? BEGINNING) : at;
            subscriber.next(id === undefined ? event : withId(event, id));
          });
          before = at;
        }
        isShowing = false;
      };
      subscriber.add(hub.digest.follow(mark));
      subscriber.add(
        hub.changes.subscribe({ next: show, error: (error: unknown) => subscriber.error(error) }),
      );
      subscriber.add(() => {
        hub.viewers--;
        if (hub.viewers > 0) return;
        hub.reading.unsubscribe();
        forget();
      });
      hub.viewers++;
      subscriber.add(
        gate.subscribe({
          next: (open) => {
            isOpen = open;
            show();
          },
          error: (error: unknown) => subscriber.error(error),
        }),
      );
      hub.begin(log, run, forget);
    });
}

/** One run, as all its viewers see it. */
class Hub {
  readonly digest = new Digest();
  readonly #changes = new Subject<void>();
  readonly changes = this.#changes.asObservable();
  viewers = 0;
  /** Of the last event that the digest has. */
  at: EntryId | undefined;
  /** How it ended, once it has. */
  end: ((viewer: { error(error: unknown): void; complete(): void }) => void) | undefined;
  readonly reading = new Subscription();
  #hasBegun = false;

  /**
   * Reads the run, once.
   *
   * @param failed - called before its viewers hear that it has failed: whoever views the run from then on reads it anew
   */
  begin(log: RunLog, run: string, failed: () => void): void {
    if (this.#hasBegun || this.reading.closed) return;
    this.#hasBegun = true;
    const course = new Course();
    // Of what stands only the end is shown.
    const entries = givenBy(() => log.read(run))
      .pipe(
        filter((entry) => {
          course.take(entry);
          for (const event of entry.events) this.digest.add(event);
          // The end of a run is an entry that no event stands for.
          if (entry.events.length > 0) this.at = entry.id;
          course.check(entry);
          return !entry.more && entry.outcome === undefined;
        }),
        tap({ complete: () => course.complete() }),
      )
      .subscribe({
        next: () => this.#changes.next(),
        error: (error: unknown) => {
          failed();
          this.#endWith((viewer) => viewer.error(error));
        },
        complete: () => this.#endWith((viewer) => viewer.complete()),
      });
    // The last viewer may have left while it heard what stands.
    this.reading.add(entries);
  }

  #endWith(end: NonNullable<Hub['end']>): void {
    this.end = end;
    this.#changes.next();
  }
}
