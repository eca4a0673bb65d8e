import { Observable, Subscriber, type Observer, type OperatorFunction } from 'rxjs';
import { streamErrorOf } from '../errors/streamError.js';

/** What becomes of the end of a source. It is called once the source has ended. */
export interface Ending<Out> {
  /** What comes before completion, or instead of it: what this throws is an error like any other. */
  complete?(emit: (output: Out) => void): void;
  /** What comes before an error, of the source, a step or `complete`; what this throws takes the error's place. */
  error?(error: unknown, emit: (output: Out) => void): void;
}

/** What the values of one subscription become. */
export interface Step<In, Out> extends Ending<Out> {
  /** Called with each value and a function that emits. */
  next(value: In, emit: (output: Out) => void): void;
  /**
   * Whether that was all: after a value, the source is left as if it had completed; after `error`, the subscriber hears of
   * completion instead.
   */
  readonly isOver?: boolean;
}

/**
 * Lets each value become any number of others, at once and in order: `concatMap` for what needs no time. It takes no
 * subscription for each value, which is what `concatMap` spends most of its time on.
 *
 * A value that comes while the outputs of another are being delivered waits for its turn. What a step emitted before it
 * threw is delivered before the error.
 *
 * @param step - called with each value and a function that emits; shared by all subscriptions, so keep state in a
 *   `defer` around it
 * @param ending - what becomes of completion and of errors; both pass by default
 * @returns an operator that passes errors and completion on, and what `step` throws as a StreamError: `source`
 *   where it is another error, its `cause`
 */
export function transform<In, Out>(
  step: (value: In, emit: (output: Out) => void) => void,
  ending: Ending<Out> = {},
): OperatorFunction<In, Out> {
  const shared = { next: step, ...ending };
  return transformWith(() => shared);
}

/**
 * Does what {@link transform} does, with a state for each subscription.
 *
 * @param begin - makes what the values of a subscription become
 */
export function transformWith<In, Out>(begin: () => Step<In, Out>): OperatorFunction<In, Out> {
  return (source) =>
    new Observable((subscriber) => {
      const steps = new Steps(subscriber, begin());
      // Before the source is subscribed to, so that one that speaks at once sees the end of its subscriber.
      subscriber.add(steps.values);
      source.subscribe(steps.values);
      steps.begin();
    });
}

/** One subscription. It is an object because closures take more memory, and are compiled anew for each subscription. */
class Steps<In, Out> implements Observer<In> {
  readonly values = new Subscriber<In>(this);
  readonly #to: Subscriber<Out>;
  readonly #step: Step<In, Out>;
  /** What came while a value was taken: others, and the end behind them. */
  #waiting: (() => void)[] | undefined;
  #isBusy = false;
  /** Whether `subscribe` of the source has returned. Before that, a source that emits at once cannot be unsubscribed. */
  #hasBegun = false;

  constructor(to: Subscriber<Out>, step: Step<In, Out>) {
    this.#to = to;
    this.#step = step;
  }

  readonly #emit = (output: Out): void => this.#to.next(output);

  begin(): void {
    this.#hasBegun = true;
    if (this.#step.isOver && !this.#to.closed) this.#complete();
  }

  next(value: In): void {
    if (this.#isBusy) {
      (this.#waiting ??= []).push(() => this.#take(value));
      return;
    }
    this.#isBusy = true;
    try {
      this.#take(value);
      while (this.#waiting?.length && !this.#to.closed) this.#waiting.shift()?.();
    } catch (error) {
      // A step that trips over a value which is not what its type says is a StreamError too.
      this.#fail(streamErrorOf(error));
    }
    this.#isBusy = false;
  }

  error(error: unknown): void {
    this.#finish(() => this.#fail(error));
  }

  complete(): void {
    this.#finish(() => this.#complete());
  }

  #take(value: In): void {
    this.#step.next(value, this.#emit);
    if (!this.#step.isOver) return;
    this.values.unsubscribe();
    this.#waiting = undefined;
    if (this.#hasBegun) this.#complete();
  }

  #finish(end: () => void): void {
    if (this.#isBusy) (this.#waiting ??= []).push(end);
    else end();
  }

  #complete(): void {
    this.values.unsubscribe();
    try {
      this.#step.complete?.(this.#emit);
      this.#to.complete();
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    this.values.unsubscribe();
    try {
      this.#step.error?.(error, this.#emit);
      if (this.#step.isOver) this.#to.complete();
      else this.#to.error(error);
    } catch (another) {
      this.#to.error(another);
    }
  }
}
