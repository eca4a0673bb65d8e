import type { Observable } from 'rxjs';
import type { RunHelpers } from 'rxjs/testing';
import type { TimedValues } from '../script/timing.js';

/** When a source was subscribed and left, in frames: RxJS's own list, whose class it does not export. */
export type Subscriptions = Parameters<RunHelpers['expectSubscriptions']>[0];

/** A source of a test, which remembers when it was subscribed and left. */
export interface MarbleSource<T> extends Observable<T> {
  readonly subscriptions: Subscriptions;
}

/**
 * A source of a test that gives values at their times, however many and close together: more than letters can write.
 */
export function playing<T>(
  make: RunHelpers['cold'] | RunHelpers['hot'],
  { values, end }: TimedValues<T>,
): MarbleSource<T> {
  const source = make<T>('');
  for (const { at, value } of values) {
    source.messages.push({ frame: at, notification: { kind: 'N', value } });
  }
  if (end === undefined) return source;
  const notification = 'error' in end ? ({ kind: 'E', error: end.error } as const) : ({ kind: 'C' } as const);
  source.messages.push({ frame: end.at, notification });
  return source;
}
