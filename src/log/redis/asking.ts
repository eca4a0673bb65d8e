import { Subscription, timer, type SchedulerLike } from 'rxjs';
import type { Hearing } from '../asking.js';
import type { Ask } from '../runLog.js';
import type { Channels } from './channels.js';
import { failureOf } from './refusal.js';
import type { Names, Store } from './store.js';

/**
 * Hears what is asked of a writer in Redis.
 *
 * @param leaseMs - in which it has to show three times that it is alive
 * @param sign - shows it; rejected where the run is not there any more
 */
export function hearing(
  store: Store,
  names: Names,
  channels: Channels,
  leaseMs: number,
  sign: () => Promise<void>,
  scheduler: SchedulerLike,
): Hearing {
  return (hear, fail) => {
    let isKnown = false;
    const listening = new Subscription();
    const { patience } = store.until(listening);
    const readAll = async (): Promise<void> => {
      const texts = await patience.of(() => store.sender.one(['HVALS', names.asks]));
      isKnown = true;
      for (const text of texts as readonly string[]) hear(JSON.parse(text) as Ask);
    };
    // What cannot be read now is read with the next sign of life.
    const look = (): void => void readAll().catch(() => (isKnown = false));
    const stopListening = channels.listen(names.asks, {
      message: (text) => hear(JSON.parse(text) as Ask),
      ready: look,
      lost: () => (isKnown = false),
      failed: fail,
    });
    const beat = timer(0, leaseMs / 3, scheduler).subscribe({
      next: (nth) => {
        if (nth > 0 && !isKnown) look();
        sign().catch((error: unknown) => fail(failureOf(error)));
      },
      error: fail,
    });
    listening.add(stopListening);
    listening.add(beat);
    return () => listening.unsubscribe();
  };
}
