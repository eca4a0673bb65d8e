import { defer, tap, type Observable, type ObservableInput } from 'rxjs';
import { markOfLog } from '../server/ofLog.js';

/**
 * What a log gives. What it fails with, however it does, is marked as its own.
 *
 * @param ask - asks the log, for each subscriber
 */
export function givenBy<T>(ask: () => ObservableInput<T>): Observable<T> {
  return defer(ask).pipe(tap({ error: markOfLog }));
}
