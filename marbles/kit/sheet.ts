import type { OperatorFunction, SchedulerLike } from 'rxjs';

/** What the `#` of a drawing stands for. */
export interface DrawnErrors {
  /** The `#` of the source row. Default: {@link connectionLost} of the alphabet. */
  readonly source?: unknown;
  /** The `#` of the rows below. Default: the error of the source, passed on as it came. */
  readonly output?: unknown;
}

/** A drawing whose letters or errors are its own. */
export interface Case {
  readonly drawing: string;
  readonly values?: Readonly<Record<string, unknown>>;
  readonly errors?: DrawnErrors;
}

/** Any operator: what flows in and out is told by the letters of the drawing. */
export type AnyOperator = OperatorFunction<never, unknown>;

/** One operator, drawn: the one text behind its test, its documentation and its picture. */
export interface Sheet {
  /** The operator's name, which is also that of its file, sheet and picture. */
  readonly operator: string;
  /** Letters beside those of the alphabet, for what the operator makes of events. */
  readonly values?: Readonly<Record<string, unknown>>;
  readonly errors?: DrawnErrors;
  /** Each operator by the words that a drawing has for it, which are its own source: `'f()': () => f()`. */
  readonly operators: Readonly<Record<string, () => AnyOperator>>;
  /**
   * How the tests of all operators make this one, on the scheduler whose time they count. Default: without arguments.
   */
  readonly usual?: (scheduler: SchedulerLike) => AnyOperator;
  /** What the tests of all operators give it, where neither an answer nor a list in JSON makes it speak. */
  readonly given?: readonly unknown[];
  /** The drawing that stands in the operator's doc comment and becomes its picture. */
  readonly picture: string;
  /** What the lines of the picture carry, from the top. */
  readonly flows?: readonly string[];
  /** What a marble of the picture says, by its letter, where its value would say it worse. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Drawings by the sentence that each shows to be true. */
  readonly cases: Readonly<Record<string, string | Case>>;
  /** What cannot be drawn, by the sentence that each shows to be true. */
  readonly checks?: Readonly<Record<string, () => void>>;
}

/** @returns the sheet as it is: a place for its type */
export function sheet(drawn: Sheet): Sheet {
  return drawn;
}

/**
 * The drawing under a sentence, with the letters and errors that hold in it.
 *
 * @throws Error where a letter of the sheet and one of the case are the same
 */
export function caseOf({ values, errors }: Pick<Sheet, 'values' | 'errors'>, drawn: string | Case): Case {
  const own: Case = typeof drawn === 'string' ? { drawing: drawn } : drawn;
  return {
    drawing: own.drawing,
    values: { ...values, ...own.values },
    errors: { ...errors, ...own.errors },
  };
}
