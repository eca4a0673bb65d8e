import type { Observable } from 'rxjs';
import type { StreamEvent } from '../../events/event.js';
import type { alphabet } from '../letters/alphabet.js';
import type { LlmSources, MarbleSource, Subscriptions } from './llm.js';

/** What holds in a whole run. */
export interface RunMarblesOptions {
  /** Letters for events besides those of the alphabet, or instead of them, in sources and expectations. */
  readonly events?: Readonly<Record<string, StreamEvent>> | undefined;
  /** Letters for what an operator makes of events, in expectations. */
  readonly values?: Readonly<Record<string, unknown>> | undefined;
  /** What `#` stands for. Default `connectionLost`. */
  readonly error?: unknown;
  /**
   * Whether each emitted value is copied as it comes, so that one that changes after it was emitted fails the test.
   * Default true.
   */
  readonly checkMutation?: boolean | undefined;
  /** Where virtual time stops, in ms: an interval that is never unsubscribed has no other end. Default one hour. */
  readonly maxTime?: number | undefined;
}

/** What is expected of an Observable. */
export interface ObservableExpectation {
  /**
   * @param marbles - a row; each letter is one of `values`, of the run's values and events, or of the alphabet
   * @param values - letters of this row alone
   * @param error - what `#` stands for in this row. Default: that of the run
   * @throws Error naming a letter without a value
   */
  toBe(marbles: string, values?: Readonly<Record<string, unknown>>, error?: unknown): void;
  /** @param other - what gives the same values at the same times */
  toEqual(other: Observable<unknown>): void;
}

/** What a marble test works with: what RxJS's `TestScheduler` has, and the events of an LLM. */
export interface MarbleRun {
  /** Sources of events: `llm('m-o-t-c-s-z|')`, `llm.hot('-m-^-o-')`, `llm(script().text('Hello'))`. */
  readonly llm: LlmSources;
  /** As in RxJS: without `values` a letter stands for itself. With them, one that they do not have is an error. */
  cold<T = string>(marbles: string, values?: Readonly<Record<string, T>>, error?: unknown): MarbleSource<T>;
  /** As `cold`, for a source that runs whether or not it is subscribed, from `^` on. */
  hot<T = string>(marbles: string, values?: Readonly<Record<string, T>>, error?: unknown): MarbleSource<T>;
  /**
   * @param observable - what is tested
   * @param subscription - when it is subscribed and left, `^---!`. Default: from the start, to its end
   */
  expectObservable(observable: Observable<unknown>, subscription?: string): ObservableExpectation;
  /** @param subscriptions - those of a source, which are to be as drawn: `^---!`, one row for each, in any order */
  expectSubscriptions(subscriptions: Subscriptions): { toBe(marbles: string | readonly string[]): void };
  /** Runs until nothing is left to happen, and compares, so that a test can look at the outcome. */
  flush(): void;
  /** The time up to the `|` of a row, in ms: `time('---|')` is 3. */
  time(marbles: string): number;
  /** When `requestAnimationFrame` fires: one mark for each frame. */
  animate(marbles: string): void;
  /** The events that the letters stand for. */
  readonly alphabet: typeof alphabet;
}
