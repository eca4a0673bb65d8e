import { VirtualTimeScheduler, type SchedulerAction, type SchedulerLike, type Subscription } from 'rxjs';

/** Virtual time that counts the timers it is asked for. */
export class CountingScheduler implements SchedulerLike {
  readonly #time = new VirtualTimeScheduler();
  /** How many timers there have been. */
  set = 0;
  /** How many of them are still to fire, and not cancelled. */
  open = 0;
  /** The longest of them, in ms. */
  longest = 0;
  /** How much later it is than the timers know, in ms: the machine was asleep. */
  asleep = 0;

  now(): number {
    return this.#time.now() + this.asleep;
  }

  schedule<T>(work: (this: SchedulerAction<T>, state?: T) => void, delay = 0, state?: T): Subscription {
    this.set++;
    this.open++;
    this.longest = Math.max(this.longest, delay);
    const timer = this.#time.schedule(work, delay, state);
    timer.add(() => this.open--);
    return timer;
  }

  /** Lets so many ms pass, whether or not somebody waits for them. */
  pass(ms: number): void {
    this.#time.schedule(() => undefined, ms);
    this.#time.maxFrames = this.#time.frame + ms;
    this.#time.flush();
    this.#time.maxFrames = Infinity;
  }

  /** Lets all the time pass that somebody waits for. */
  flush(): void {
    this.#time.flush();
  }
}
