import { asyncScheduler, tap, type MonoTypeOperatorFunction, type SchedulerLike } from 'rxjs';
import type { Drawing, End, Line, Marble, Row } from '../../src/pictures/drawing.js';
import { nameOf, wear } from '../../src/pictures/wear.js';

/**
 * Notes what flows through a pipeline, and when, as a drawing:
 *
 * ```ts
 * const recording = new Recording('what just flowed');
 * source.pipe(
 *   recording.line('events'),
 *   toBlocks(), recording.operator('toBlocks()'),
 *   recording.line('blocks'),
 * ).subscribe({ complete: () => console.log(toAscii(recording.drawing())) });
 * ```
 *
 * It is for one subscription.
 */
export class Recording {
  readonly #title: string;
  readonly #scheduler: SchedulerLike;
  readonly #rows: (() => Row)[] = [];
  readonly #start: number;

  /**
   * @param title - what is drawn
   * @param scheduler - whose time is told, from now on
   */
  constructor(title: string, scheduler: SchedulerLike = asyncScheduler) {
    this.#title = title;
    this.#scheduler = scheduler;
    this.#start = scheduler.now();
  }

  /** Notes the values that pass here; changes nothing. */
  line<T>(label: string): MonoTypeOperatorFunction<T> {
    const marbles: Marble[] = [];
    let end: End | undefined;
    const ended = (kind: End['kind'], word?: string): void => {
      end = { time: this.#now(), kind, ...(word !== undefined && { label: word }) };
    };
    this.#rows.push((): Line => {
      const until = end?.time ?? this.#now();
      return { kind: 'line', label, marbles: [...marbles], until, ...(end && { end }) };
    });
    return tap<T>({
      next: (value) => marbles.push({ time: this.#now(), ...wear(value) }),
      complete: () => ended('complete'),
      error: (error: unknown) => ended('error', nameOf(error)),
      unsubscribe: () => ended('unsubscribe'),
    });
  }

  /** Notes that an operator stands here; changes nothing. */
  operator<T>(text: string): MonoTypeOperatorFunction<T> {
    this.#rows.push(() => ({ kind: 'operator', text }));
    return (source) => source;
  }

  /** What was noted until now. */
  drawing(): Drawing {
    return { title: this.#title, rows: this.#rows.map((row) => row()) };
  }

  #now(): number {
    return this.#scheduler.now() - this.#start;
  }
}
