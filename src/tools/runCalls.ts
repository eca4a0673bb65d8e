import {
  concat,
  defer,
  EMPTY,
  groupBy,
  mergeMap,
  of,
  takeUntil,
  tap,
  type Observable,
  type OperatorFunction,
  type SchedulerLike,
  type Subject,
} from 'rxjs';
import { quoted } from '../errors/quoted.js';
import { ToolError } from '../errors/toolError.js';
import type { ToolApprovalEvent, ToolResultEvent } from '../events/event.js';
import { toolResult } from '../events/make.js';
import type { ToolCall } from '../fold/calls/toolInput.js';
import { asked, type Approval } from './approval.js';
import { handlerOf } from './handlers.js';
import type { RunnableCall, RunToolsOptions, ToolHandlers, ToolWithOptions } from './handlers.js';
import { runCall } from './runCall.js';
import { valuesOf } from './values.js';

/** A call of the reply, and what says that it no longer is. */
export interface Run<Call extends ToolCall = ToolCall> {
  readonly call: Call;
  readonly dropped: Observable<void>;
  /**
   * Of the call before it that has the same id: emits once that is done, for a result says of an id alone whose it is.
   * Emits whether that was left without a result: then this one is, too.
   */
  readonly before: Observable<boolean> | undefined;
  readonly done: Subject<boolean>;
}

/** A call that may be run. */
interface Admitted extends Run<RunnableCall> {
  readonly tool: ToolWithOptions;
}

type Told = ToolApprovalEvent | ToolResultEvent;

/** Runs calls, so many at a time, and says what comes of each. None makes it fail. */
export function runCalls(
  handlers: ToolHandlers,
  options: RunToolsOptions,
  scheduler: SchedulerLike,
): OperatorFunction<Run, Told> {
  const { concurrency = 64, timeout = 0, approve, unhandled, onError } = options;

  /** What the caller's function throws, or a Promise of it fails with, is nobody's concern. */
  const report = (error: unknown, call: ToolCall): void =>
    void valuesOf(() => onError?.(error, call)).subscribe({ error: () => undefined });

  const admit = (run: Run): Observable<Told | Admitted> => {
    const { call } = run;
    const tool = handlerOf(handlers, call.name);
    if (call.status === 'invalid') {
      report(call.error, call);
      return ending(run, of(toolResult(call.id, call.error.message, true)));
    }
    if (tool === undefined) {
      // Views see then that it is somebody else's, and that its result is still to come.
      if (unhandled === 'leave')
        return concat(of({ ...toolResult(call.id, null), preliminary: true }), left(run));
      const error = new ToolError(`There is no tool ${quoted(call.name)}`);
      report(error, call);
      return ending(run, of(toolResult(call.id, error.message, true)));
    }
    const admitted: Admitted = { ...run, call, tool };
    const asks = tool.approve ?? approve;
    if (asks === undefined) return of(admitted);
    return asked(
      call,
      asks,
      (error) => report(error, call),
      (approval): Observable<Told | Admitted> => {
        if (approval.state === 'later') return left(run);
        if (approval.state === 'approved') return of(admitted);
        return ending(run, of(toolResult(call.id, denialOf(approval, call), true)));
      },
    );
  };

  const start = (run: Admitted): Observable<ToolResultEvent> => {
    const { call, tool } = run;
    const ms = tool.timeout ?? timeout;
    const results = runCall(call, tool.run, ms, scheduler, (error) => report(error, call));
    return ending(run, results).pipe(takeUntil(run.dropped));
  };

  const limitOf = (name: string | undefined): number => {
    const limit = (name === undefined ? undefined : handlerOf(handlers, name)?.concurrency) ?? concurrency;
    return limit > 1 ? limit : 1;
  };

  return (runs) =>
    runs.pipe(
      mergeMap((run) =>
        (run.before ?? of(false)).pipe(
          mergeMap((isLeft) => (isLeft ? left(run) : admit(run))),
          takeUntil(run.dropped),
        ),
      ),
      groupBy(isAdmitted),
      mergeMap((group): Observable<Told> =>
        group.key
          ? group.pipe(
              groupBy(queueOf),
              mergeMap((queue) => queue.pipe(mergeMap(start, limitOf(queue.key)))),
            )
          : group,
      ),
    );
}

/** The end of a call: once all is said of it, the next one of its id may begin. */
function ending<T>({ done }: Run, said: Observable<T>): Observable<T> {
  return said.pipe(
    // Not of one that is dropped, as the others of its id are.
    tap({ complete: () => settle(done, false) }),
  );
}

function left({ done }: Run): Observable<never> {
  return defer(() => {
    settle(done, true);
    return EMPTY;
  });
}

function settle(done: Subject<boolean>, isLeft: boolean): void {
  done.next(isLeft);
  done.complete();
}

/** What the model reads of a call that was not allowed. */
function denialOf({ reason }: Approval, { name }: ToolCall): string {
  return `${name} was not approved${reason === undefined ? '' : `: ${reason}`}`;
}

function isAdmitted(item: Told | Admitted): item is Admitted {
  return 'tool' in item;
}

/** The tool whose calls wait for each other alone; `undefined` of those that wait for all others. */
function queueOf({ call, tool }: Admitted): string | undefined {
  return tool.concurrency === undefined ? undefined : call.name;
}
