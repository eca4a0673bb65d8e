import type { OperatorFunction } from 'rxjs';
import type { StreamEvent } from '../events/event.js';
import { requireRun } from './bounds.js';
import { logged, type ToLogOptions } from './logged.js';
import type { RunLog } from './runLog.js';

/**
 * Writes a stream into a run of a log, and passes each event on once it stands there, with its id. The source is
 * subscribed to once the run is open.
 *
 * The end of the source becomes the outcome of the run: `done`, `failed` for an error, an `error` event or a message that
 * is not whole, `stopped` where somebody asked for it; then the stream ends as by `stopOn`. Those who read the run see an
 * error as an `error` event that says what `publicError` says. A second writer of a run begins with a `reset`.
 *
 * Viewers read the run from {@link fromLog}, so one that leaves stops nothing. Who unsubscribes this operator does stop
 * the source, without an outcome: the run is `abandoned` after its lease. {@link startRun} goes on whoever leaves.
 *
 * ```ts
 * import { coalesce, untilTerminal } from 'rxjs-llm-stream';
 * import { toLog } from 'rxjs-llm-stream/log';
 *
 * answer.pipe(untilTerminal(), coalesce({ within: 25 }), toLog(log, run)).subscribe();
 * ```
 *
 * @param log - where the run is kept
 * @param run - its id: one of `crypto.randomUUID()`, for whoever knows it may read
 * @param options - the lease, in ms, and what a stop says
 * @returns an operator from events to events
 * @throws StreamError `protocol` where the run has ended or another writer has taken over, `limit` for a run that is too
 *   long, `truncated` for a source that completes before its message is whole; what the source and the log fail with. TypeError,
 *   when it is called, without the id of a run
 */
export function toLog(
  log: RunLog,
  run: string,
  options: ToLogOptions = {},
): OperatorFunction<StreamEvent, StreamEvent> {
  requireRun('toLog', run);
  return (events) => logged(log, run, () => events, options);
}
