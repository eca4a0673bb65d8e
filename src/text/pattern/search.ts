import { Beginnings } from './beginnings.js';
import { NONE } from './characters.js';
import { livenessOf, type Liveness } from './liveness.js';
import { compile, type Program } from './program.js';
import { Threads, type Past } from './threads.js';

/** Patterns, ready to be searched for. */
export interface Searched {
  readonly program: Program;
  readonly liveness: Liveness | undefined;
  readonly beginnings: Beginnings;
}

/** Makes patterns ready: once for all texts in which they are searched for. */
export function searched(patterns: readonly (RegExp | string)[]): Searched {
  const program = compile(patterns);
  const liveness = livenessOf(program);
  return { program, liveness, beginnings: new Beginnings(program, liveness) };
}

/** A piece of a text: so many units, that are a match or none. */
export interface Segment {
  readonly length: number;
  readonly isMatch: boolean;
}

/**
 * Finds all matches in one text that comes unit by unit, those that `String.prototype.replace` would replace in the whole
 * text: the first from the left, of those the one that the pattern prefers, and the next behind it.
 *
 * It runs all ways of reading the text side by side, in the order in which a search that goes back would try them: at
 * each unit a match begins, or none does. Ways that come to the same state are one from there on, so there are never more
 * than the automaton has states, and each unit costs as many steps at most. What all ways have in common is certain. The
 * first way is inside a match, or there is only one; so what is not certain is what may be the beginning of a match.
 */
export class Search {
  readonly #searched: Searched;
  readonly #threads: Threads;
  /** Whether no match is open, so that the threads are those of a beginning: they are made when they are needed. */
  #isIdle = true;
  #past: Past | undefined;
  #at = 0;
  #before = NONE;
  #taken = 0;

  constructor(searched: Searched) {
    this.#searched = searched;
    this.#threads = new Threads(searched.program, searched.liveness);
  }

  /** Takes the next unit of the text. */
  next(unit: number): void {
    const starts = this.#searched.beginnings.of(this.#before, unit);
    if (this.#isIdle && starts.length > 0) this.#threads.begin(this.#at, this.#past);
    else if (this.#isIdle) {
      this.#at++;
      this.#before = unit;
      return;
    }
    this.#threads.next(this.#at, this.#before, unit, starts);
    this.#at++;
    this.#before = unit;
    this.#isIdle = this.#threads.start === this.#at;
    if (this.#isIdle) this.#past = this.#threads.past;
  }

  /** The text has ended here: nothing is open any more. */
  end(): void {
    if (this.#isIdle) this.#threads.begin(this.#at, this.#past);
    this.#threads.settle(this.#before, NONE);
    this.#past = this.#threads.survivor;
    this.#isIdle = true;
  }

  /** Whether a match is certain that nobody has taken. */
  get hasFound(): boolean {
    const past = this.#isIdle ? this.#past : this.#threads.survivor;
    return past !== undefined && past.end > this.#taken;
  }

  /** How many units stand before whatever may be, or is, the first match. */
  get clear(): number {
    const first = this.#untaken(this.#isIdle ? this.#past : this.#threads.survivor).at(0);
    const open = this.#isIdle ? this.#at : this.#threads.start;
    return Math.min(first?.start ?? open, open) - this.#taken;
  }

  /** Takes what is certain since the last time. */
  take(): readonly Segment[] {
    const past = this.#isIdle ? this.#past : this.#threads.past;
    const until = this.#isIdle ? this.#at : this.#threads.start;
    const segments: Segment[] = [];
    const pass = (end: number, isMatch: boolean): void => {
      if (end > this.#taken) segments.push({ length: end - this.#taken, isMatch });
      this.#taken = end;
    };
    for (const { start, end } of this.#untaken(past)) {
      pass(start, false);
      pass(end, true);
    }
    pass(until, false);
    // What came before is of no use any more.
    if (past !== undefined) past.before = undefined;
    return segments;
  }

  /** The matches behind what was taken, from the first. */
  #untaken(past: Past | undefined): readonly Past[] {
    const found: Past[] = [];
    for (let match = past; match !== undefined && match.end > this.#taken; match = match.before) {
      found.push(match);
    }
    return found.reverse();
  }
}
