import {
  catchError,
  concat,
  defer,
  finalize,
  from,
  ignoreElements,
  tap,
  throwError,
  type Observable,
} from 'rxjs';
import { isStreamError } from '../errors/streamError.js';
import type { StreamEvent } from '../events/event.js';
import { idOf } from '../events/id.js';
import { requireRun } from './bounds.js';
import { fromLog } from './fromLog.js';
import { logged, type ApproveInRun, type ToLogOptions } from './logged.js';
import type { RunLog } from './runLog.js';
import { Told } from './told.js';

/** Options of {@link startRun}. */
export interface StartRunOptions extends ToLogOptions {
  /**
   * Called with what failed, as it is, for whoever runs the server: what the writer failed with, an error of the source or of the log,
   * of which those who read the run get what `publicError` says; and what the log failed with where it is read, once for all who
   * read what this call returned at that time. What it throws is ignored.
   */
  readonly onError?: ((error: unknown) => unknown) | undefined;
}

/** The runs that this process writes, each with a promise that is kept once it is open. */
const WRITTEN = new WeakMap<RunLog, Map<string, Promise<void>>>();

/**
 * Begins a run, unless it has begun, and reads it. The source goes on to its end whoever leaves: it belongs to the run, and
 * not to the request that asked for it. A second call with the same id, also in another process, joins what is there. Two calls that
 * find nothing there at the same moment, in two processes, both begin it: the later one replaces the other, and viewers see a `reset`.
 *
 * A run whose writer died is begun anew, with a `reset`: what the dead one had written of the reply is dropped. A source of
 * several rounds has to go on from the history that stands, or its first replies come twice.
 *
 * ```ts
 * import { runTools, streamTurn } from 'rxjs-llm-stream';
 * import { anthropic } from 'rxjs-llm-stream/anthropic';
 * import { startRun } from 'rxjs-llm-stream/log';
 * import { respond } from 'rxjs-llm-stream/server';
 *
 * const run = crypto.randomUUID();
 * const events = startRun(log, run, (approve) => streamTurn(messages, { ask, run: runTools(tools, { approve }) }));
 * const response = await respond(events, { codec: anthropic, signal: request.signal });
 * response.headers.set('location', `/runs/${run}`);
 * ```
 *
 * @param log - where the run is kept
 * @param run - its id: one of `crypto.randomUUID()`
 * @param source - the events, or a function that makes them of what asks whether a call may run: it is answered by `ask` of
 *   the log, and so by a POST to `serveRun`
 * @param options - the lease of the writer, in ms, what a stop says, and who is told what failed
 * @returns an Observable of the events with their ids. To subscribe begins the run, to unsubscribe does not stop it: ask
 *   the log for that
 * @throws StreamError as {@link fromLog}, and what the log refuses the run with; TypeError, when it is called, without the id of a
 *   run
 */
export function startRun(
  log: RunLog,
  run: string,
  source: Observable<StreamEvent> | ((approve: ApproveInRun) => Observable<StreamEvent>),
  options: StartRunOptions = {},
): Observable<StreamEvent> {
  requireRun('startRun', run);
  const make = typeof source === 'function' ? source : () => source;
  const told = new Told(options.onError);
  return defer(() => {
    let after: string | undefined;
    const read = defer(() => fromLog(log, run, { after })).pipe(tap((event) => (after = idOf(event))));
    return told
      .reading(read, hasNoWriter)
      .pipe(
        catchError((error: unknown) =>
          hasNoWriter(error)
            ? concat(
                defer(() => from(begun(log, run, make, options, told))).pipe(ignoreElements()),
                told.reading(read),
              )
            : throwError(() => error),
        ),
      );
  });
}

/** Whether a run is to be begun, or begun anew. */
function hasNoWriter(error: unknown): boolean {
  return isStreamError(error) && (error.code === 'gone' || error.code === 'abandoned');
}

function begun(
  log: RunLog,
  run: string,
  make: (approve: ApproveInRun) => Observable<StreamEvent>,
  options: StartRunOptions,
  told: Told,
): Promise<void> {
  const runs = WRITTEN.get(log) ?? new Map<string, Promise<void>>();
  WRITTEN.set(log, runs);
  const known = runs.get(run);
  if (known) return known;
  let isOver = false;
  const open = new Promise<void>((resolve, reject) => {
    const opened: typeof make = (approve) => {
      resolve();
      return make(approve);
    };
    logged(log, run, opened, options)
      .pipe(
        finalize(() => {
          isOver = true;
          runs.delete(run);
        }),
      )
      .subscribe({
        error(error: unknown) {
          // Once it is open, whatever fails stands in the run.
          // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- whatever the source or the log failed with
          reject(error);
          told.written(error);
        },
      });
  });
  // A log may fail at once.
  if (!isOver) runs.set(run, open);
  return open;
}
