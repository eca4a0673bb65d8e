import type { OperatorFunction } from 'rxjs';
import { truncated, withPartial } from '../errors/streamError.js';
import { transformWith, type Step } from './transform.js';

/** What gathers the values of one subscription. */
export interface Fold<In> {
  /** Adds a value; what it throws fails the stream. */
  add(value: In): unknown;
  /** Gives up what is unfinished, because the stream failed. */
  abandon?(cause: unknown): unknown;
  /** Whether something has begun that has not ended. A source that completes then is an error, `truncated`. */
  readonly isUnfinished: boolean;
}

/** What becomes of what was gathered. */
export interface Folding<In, Out, F extends Fold<In>> {
  /** Makes an empty fold: called once for each subscription. */
  readonly begin: () => F;
  /** Emits what is new: called after each value. */
  readonly show: (fold: F, emit: (output: Out) => void) => void;
  /** Whether a source may complete now; else it is an error, `truncated`. Default: once nothing is unfinished. */
  readonly isWhole?: (fold: F) => boolean;
  /**
   * What an error carries as `partial`. Without it, nothing is attached: what was given up is shown like anything else,
   * and the error follows as it came.
   */
  readonly partial?: (fold: F) => unknown;
}

/**
 * The shape of an operator that gathers: it adds each value to a fold and emits what that shows. The source has to end
 * what it began. When it fails, nothing that had arrived is lost: it is shown, or goes with the error.
 *
 * @param folding - what gathers, what it shows, and what an error carries
 * @returns an operator whose state begins anew with each subscription
 */
export function folded<In, Out, F extends Fold<In>>(folding: Folding<In, Out, F>): OperatorFunction<In, Out> {
  return transformWith(() => new FoldStep(folding));
}

/** Adds up the values of one subscription. */
class FoldStep<In, Out, F extends Fold<In>> implements Step<In, Out> {
  readonly #folding: Folding<In, Out, F>;
  readonly #fold: F;

  constructor(folding: Folding<In, Out, F>) {
    this.#folding = folding;
    this.#fold = folding.begin();
  }

  next(value: In, emit: (output: Out) => void): void {
    this.#fold.add(value);
    this.#folding.show(this.#fold, emit);
  }

  complete(): void {
    const { isWhole } = this.#folding;
    if (isWhole === undefined ? this.#fold.isUnfinished : !isWhole(this.#fold)) throw truncated();
  }

  error(error: unknown, emit: (output: Out) => void): void {
    const { partial, show } = this.#folding;
    this.#fold.abandon?.(error);
    if (partial !== undefined) throw withPartial(error, partial(this.#fold));
    show(this.#fold, emit);
  }
}
