import { Subscription, type SchedulerLike } from 'rxjs';
import type { TimedValues } from '../script/timing.js';

/**
 * A stream of chunks, each at its time, counted in ms from the first read. A chunk is given when it is asked for, so a
 * reader that stops is sent no more.
 */
export function timedBody(
  { values, end }: TimedValues<Uint8Array>,
  scheduler: SchedulerLike,
): ReadableStream<Uint8Array> {
  const waiting = new Subscription();
  let start: number | undefined;
  let next = 0;

  function give(controller: ReadableStreamDefaultController<Uint8Array>): void {
    const chunk = values[next++];
    if (chunk) controller.enqueue(chunk.value);
    else if (end && 'error' in end) controller.error(end.error);
    else controller.close();
  }

  return new ReadableStream(
    {
      pull(controller) {
        start ??= scheduler.now();
        const due = (values[next] ?? end)?.at;
        if (due === undefined) return new Promise(() => undefined);
        const wait = due - (scheduler.now() - start);
        if (wait <= 0) {
          give(controller);
          return;
        }
        return new Promise((resolve) => {
          waiting.add(
            scheduler.schedule(() => {
              give(controller);
              resolve();
            }, wait),
          );
        });
      },
      cancel: () => waiting.unsubscribe(),
    },
    { highWaterMark: 0 },
  );
}
