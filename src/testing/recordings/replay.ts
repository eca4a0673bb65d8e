import { asyncScheduler, Observable, Subscription, type SchedulerLike } from 'rxjs';
import type { StreamEvent } from '../../events/event.js';
import { errorOf, type Recording } from './recording.js';

/** Options of {@link replay}. */
export interface ReplayOptions {
  /** How many times faster than recorded; `Infinity` gives all at once. Default 1. */
  readonly speed?: number | undefined;
}

/**
 * Plays a recording: its events at the times at which they came, and its end.
 *
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { textDeltas } from 'rxjs-llm-stream';
 * import { parseRecording, replay } from 'rxjs-llm-stream/testing';
 *
 * const recording = parseRecording(readFileSync('answer.jsonl', 'utf8'));
 * replay(recording, { speed: 10 }).pipe(textDeltas()).subscribe((text) => process.stdout.write(text));
 * ```
 *
 * Each subscription begins at the beginning. Times are counted from the subscription, so that a late event does not
 * delay those after it. A recording that ends because its subscriber left stays silent then: what would have come is
 * unknown.
 *
 * @param recording - what {@link record} gave, or a parsed file
 * @param options - `speed`
 * @param scheduler - whose time is used. Default: `asyncScheduler`; within `TestScheduler.run` that is virtual
 * @returns a cold Observable of the recorded events
 * @throws the recorded error, a StreamError where it was one
 */
export function replay(
  { entries, end }: Recording,
  { speed = 1 }: ReplayOptions = {},
  scheduler: SchedulerLike = asyncScheduler,
): Observable<StreamEvent> {
  return new Observable((subscriber) => {
    const start = scheduler.now();
    const passed = (): number => scheduler.now() - start;
    const due = (nth: number): number => (entries[nth] ?? end).at / speed;
    let next = 0;
    let waiting = Subscription.EMPTY;

    function wait(): void {
      waiting = scheduler.schedule(emit, Math.max(0, due(next) - passed()));
    }

    function emit(): void {
      // What was waited for is due, though a real clock may be a little early.
      const until = Math.max(passed(), due(next));
      for (; due(next) <= until && !subscriber.closed; next++) {
        const entry = entries[next];
        if (entry) subscriber.next(entry.event);
        else return finish();
      }
      if (!subscriber.closed) wait();
    }

    function finish(): void {
      if (end.end === 'complete') subscriber.complete();
      else if (end.end === 'error') subscriber.error(errorOf(end.error));
    }

    wait();
    return () => waiting.unsubscribe();
  });
}
