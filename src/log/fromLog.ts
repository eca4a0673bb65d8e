import { defer, type Observable } from 'rxjs';
import type { StreamEvent } from '../events/event.js';
import { BEGINNING, withId } from '../events/id.js';
import { transform } from '../rx/transform.js';
import { Course } from './course.js';
import { Digest } from './digest.js';
import { givenBy } from './given.js';
import { idAt, positionOf, withIds } from './position.js';
import type { Entry, EntryId, RunLog } from './runLog.js';

/** Options of {@link fromLog}. */
export interface FromLogOptions {
  /** The id of the last event that is known, as `idOf` of it has it. Default: from the beginning. */
  readonly after?: string | undefined;
  /**
   * Whether whoever comes late gets the answer so far in few events, one for the text of a block, and then what comes.
   * Where `after` names an event, what follows it comes as it stands. Default false.
   */
  readonly snapshot?: boolean | undefined;
}

/**
 * Reads a run: what stands, then what comes. Each event has its id, which `idOf` reads and `encode` writes. It completes
 * only where an entry says that the run is over; a producer that died is an error.
 *
 * ```ts
 * import { accumulateMessage } from 'rxjs-llm-stream';
 * import { fromLog } from 'rxjs-llm-stream/log';
 *
 * fromLog(log, run, { snapshot: true })
 *   .pipe(accumulateMessage())
 *   .subscribe((message) => render(message.content));
 * ```
 *
 * @param log - where the run is kept
 * @param run - its id
 * @param options - where to begin
 * @returns a cold Observable of events
 * @throws StreamError `gone` for a run that is not there, or not any more; `gap` where something that was to come was
 *   trimmed, or `after` is no id; `abandoned`, retryable, where the producer has been silent for longer than its lease;
 *   `truncated` for a log that ends without a word; `api` for a run that failed before it said anything, with its `status` and
 *   `retryAfterMs`, or without saying why
 */
export function fromLog(
  log: RunLog,
  run: string,
  { after, snapshot = false }: FromLogOptions = {},
): Observable<StreamEvent> {
  return defer(() => {
    // Before the log is asked: what is no id must not reach it.
    const at = after === undefined || after === BEGINNING ? undefined : positionOf(after);
    let gathered = snapshot && at === undefined ? new Digest() : undefined;
    const course = new Course(at);
    let id: EntryId = BEGINNING;
    return givenBy(() => log.read(run, at && idAt(at))).pipe(
      transform<Entry, StreamEvent>(
        (entry, emit) => {
          course.take(entry);
          if (gathered) {
            for (const event of entry.events) gathered.add(event);
            // The end of a run is an entry that no event stands for.
            if (entry.events.length > 0) id = entry.id;
            if (entry.more) return;
            for (const event of standing(gathered, id)) emit(event);
            gathered = undefined;
          } else for (const event of withIds(entry.events, entry.id)) emit(event);
          course.check(entry);
        },
        { complete: () => course.complete() },
      ),
    );
  });
}

/**
 * The events of a snapshot. Only the last bears the id of where it stands; before it a reader has nothing to resume at.
 *
 * @param id - of the last event in it
 */
export function standing(digest: Digest, id: EntryId): readonly StreamEvent[] {
  const events = digest.since();
  return events.map((event, nth) => withId(event, nth < events.length - 1 ? BEGINNING : id));
}
