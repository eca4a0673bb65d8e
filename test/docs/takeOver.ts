import { catchError, concatMap, EMPTY, from, ignoreElements, type Observable } from 'rxjs';
import { isStreamError, type StreamEvent } from '../../src/index.js';
import { fromLog, toLog, type RunLog } from '../../src/log.js';

export interface TakeOver {
  /** Whether this instance is the one that goes on: the first that asks. */
  readonly claim: (run: string) => Promise<boolean>;
  /** Asks the model what the run was begun with, which the app has kept. */
  readonly ask: (run: string) => Observable<StreamEvent>;
}

/**
 * Watches a run, and begins its answer anew where its producer has died. The viewers, on all instances, get a `reset` and then
 * the new answer. Completes when the run is over.
 */
export function takenOver(log: RunLog, run: string, { claim, ask }: TakeOver): Observable<never> {
  return fromLog(log, run).pipe(
    catchError((error: unknown) => {
      if (!isStreamError(error) || error.code !== 'abandoned') throw error;
      return from(claim(run)).pipe(concatMap((isOurs) => (isOurs ? ask(run).pipe(toLog(log, run)) : EMPTY)));
    }),
    ignoreElements(),
  );
}
