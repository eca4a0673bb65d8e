import {
  catchError,
  concat,
  defer,
  finalize,
  map,
  mergeMap,
  of,
  ReplaySubject,
  take,
  throwIfEmpty,
  type Observable,
} from 'rxjs';
import { quoted } from '../errors/quoted.js';
import type { ToolApprovalEvent } from '../events/event.js';
import { toolApproval } from '../events/make.js';
import type { ApproveTool, RunnableCall } from './handlers.js';
import { valuesOf } from './values.js';

/** What was decided of a call. */
export interface Approval {
  readonly state: 'approved' | 'denied' | 'later';
  readonly reason?: string | undefined;
}

/**
 * Asks whether a call may be run.
 *
 * @param onError - learns what the approval failed with; the call is denied then
 * @param decided - what follows the decision
 * @returns an event that says that the approval is requested, then one that says what it is, then what follows
 */
export function asked<T>(
  call: RunnableCall,
  approve: ApproveTool,
  onError: (error: unknown) => void,
  decided: (approval: Approval) => Observable<T>,
): Observable<ToolApprovalEvent | T> {
  return defer(() => {
    const approval = new ReplaySubject<Approval>(1);
    // Before the request is seen: whoever sees it may answer at once, by a Subject that keeps nothing.
    const asking = valuesOf(() => approve(call))
      .pipe(
        take(1),
        throwIfEmpty(() => new TypeError(`The approval of ${quoted(call.name)} completed without an answer`)),
        map((decision) => approvalOf(decision, call)),
        catchError((error: unknown) => {
          onError(error);
          return of<Approval>({ state: 'denied', reason: 'The approval failed' });
        }),
      )
      .subscribe(approval);
    return concat(
      of(toolApproval(call.id, 'requested')),
      approval.pipe(
        mergeMap((known) => {
          const { state, reason } = known;
          return state === 'later'
            ? decided(known)
            : concat(of(toolApproval(call.id, state, reason)), decided(known));
        }),
      ),
    ).pipe(finalize(() => asking.unsubscribe()));
  });
}

/** @throws TypeError for what is no decision: only a clear yes lets a tool be run */
function approvalOf(decision: unknown, { name }: RunnableCall): Approval {
  if (decision === 'later') return { state: 'later' };
  const { approved, reason } = (
    typeof decision === 'object' && decision !== null ? decision : { approved: decision }
  ) as { readonly approved?: unknown; readonly reason?: unknown };
  if (typeof approved !== 'boolean')
    throw new TypeError(
      `The approval of ${quoted(name)} answered ${quoted(decision)}: answer true, false, { approved } or 'later'`,
    );
  const state = approved ? 'approved' : 'denied';
  return typeof reason === 'string' && reason !== '' ? { state, reason } : { state };
}
