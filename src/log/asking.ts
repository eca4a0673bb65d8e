import { Observable, Subject } from 'rxjs';
import type { Ask } from './runLog.js';

/** What an ask is of: the last word of each counts. */
export function keyOf(ask: Ask): string {
  return 'stop' in ask ? '' : `call ${ask.approve}`;
}

/** Hears what is asked of a writer, and shows that it is alive; ends with what it returns. */
export type Hearing = (hear: (ask: Ask) => void, fail: (error: unknown) => void) => () => void;

/**
 * Lets all who listen to a writer hear what is asked of it, from one hearing.
 *
 * @param hearing - goes on while somebody listens
 * @returns what was asked, the last word of each, and what will be
 */
export function asksOf(hearing: Hearing): Observable<Ask> {
  /** By what they are of, as JSON. */
  const asks = new Map<string, string>();
  const heard = new Subject<Ask>();
  let listeners = 0;
  let end: (() => void) | undefined;
  const hear = (ask: Ask): void => {
    const text = JSON.stringify(ask);
    if (asks.get(keyOf(ask)) === text) return;
    asks.set(keyOf(ask), text);
    heard.next(ask);
  };
  return new Observable((subscriber) => {
    for (const text of [...asks.values()]) subscriber.next(JSON.parse(text) as Ask);
    subscriber.add(heard.subscribe(subscriber));
    if (listeners++ === 0) end = hearing(hear, (error) => heard.error(error));
    subscriber.add(() => {
      if (--listeners > 0) return;
      end?.();
      asks.clear();
    });
  });
}
