import { Subscription, type SchedulerAction, type SchedulerLike } from 'rxjs';

type Work<T> = (this: SchedulerAction<T>, state?: T) => void;

/** What waits for its time. */
interface Waiting {
  readonly at: number;
  run(): void;
}

/**
 * A scheduler whose time passes when it is stepped: what is due first runs first, and of what is due at once, what was scheduled
 * first. RxJS's `VirtualTimeScheduler` does the same; thousands of events, of which only the next one waits at any time, take
 * it longer than all their operators.
 */
export class VirtualClock implements SchedulerLike {
  #now = 0;
  /** In the order in which they run. */
  readonly #waiting: Waiting[] = [];

  now(): number {
    return this.#now;
  }

  schedule<T>(work: Work<T>, delay = 0, state?: T): Subscription {
    return new Action(this, work).schedule(state, delay);
  }

  /** When the next thing is due; `undefined` where nothing waits. */
  get due(): number | undefined {
    return this.#waiting[0]?.at;
  }

  /** Runs what is due next. */
  step(): void {
    const action = this.#waiting.shift();
    if (!action) return;
    this.#now = action.at;
    action.run();
  }

  /** For actions. */
  add(action: Waiting): void {
    let place = this.#waiting.length;
    while (place > 0 && (this.#waiting[place - 1]?.at ?? 0) > action.at) place--;
    if (place === this.#waiting.length) this.#waiting.push(action);
    else this.#waiting.splice(place, 0, action);
  }

  /** For actions. */
  drop(action: Waiting): void {
    const place = this.#waiting.indexOf(action);
    if (place !== -1) this.#waiting.splice(place, 1);
  }
}

/** Work that waits for its time, and may ask for another one while it runs. */
class Action<T> extends Subscription implements SchedulerAction<T> {
  at = 0;
  readonly #clock: VirtualClock;
  readonly #work: Work<T>;
  #state: T | undefined;
  #isWaiting = false;

  constructor(clock: VirtualClock, work: Work<T>) {
    super();
    this.#clock = clock;
    this.#work = work;
  }

  schedule(state?: T, delay = 0): Subscription {
    if (this.closed) return this;
    if (this.#isWaiting) this.#clock.drop(this);
    this.#isWaiting = true;
    this.#state = state;
    this.at = this.#clock.now() + Math.max(0, delay);
    this.#clock.add(this);
    return this;
  }

  run(): void {
    this.#isWaiting = false;
    this.#work(this.#state);
    // It is over, unless it waits for its next time.
    if (!this.#isWaiting) super.unsubscribe();
  }

  override unsubscribe(): void {
    if (this.closed) return;
    if (this.#isWaiting) this.#clock.drop(this);
    super.unsubscribe();
  }
}
