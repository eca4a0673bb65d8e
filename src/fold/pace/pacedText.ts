import { showableLength, type UnitEnds } from './textUnits.js';

/** How much text came together, and when. */
interface Arrival {
  readonly at: number;
  length: number;
}

/**
 * Text on its way to the reader. It belongs to one subscription and only computes: the caller passes the time. The pace is
 * the slowest one that still shows all waiting text in time.
 */
export class PacedText {
  readonly #ends: UnitEnds;
  readonly #maxLag: number;
  readonly #interval: number;
  #waiting = '';
  /** When the waiting text came. */
  #arrivals: Arrival[] = [];
  /** Whether the waiting text is the beginning of a character, which is shown when more comes and not after some time. */
  #hasOnlyBegun = false;
  /** How many UTF-16 units may be shown; below 0 after a unit that was longer than the credit. */
  #credit = 0;

  /**
   * @param ends - finds the units that text is shown in
   * @param maxLag - how long text may wait, in ms
   * @param interval - how often `take` is called while text waits, in ms
   */
  constructor(ends: UnitEnds, maxLag: number, interval: number) {
    this.#ends = ends;
    this.#maxLag = maxLag;
    this.#interval = interval;
  }

  /** Whether some text will be shown after some time, even if no more comes. */
  get isWaiting(): boolean {
    return this.#arrivals.length > 0 && !this.#hasOnlyBegun;
  }

  /** Adds text that has just come. @returns what to show before it: nothing */
  add(text: string, now: number): undefined {
    if (text === '') return;
    this.#waiting += text;
    this.#hasOnlyBegun = false;
    const last = this.#arrivals.at(-1);
    if (last !== undefined && now - last.at < this.#interval) last.length += text.length;
    else this.#arrivals.push({ at: now, length: text.length });
  }

  /**
   * @param now - the time, in ms
   * @param isHurried - whether to ignore the pace
   * @returns the text to show now: whole units, or the part of a unit that has waited too long for its end
   */
  take(now: number, isHurried = false): string {
    const text = this.#waiting;
    const { pace, due } = this.#plan(now);
    const credit = isHurried ? Infinity : this.#credit + pace;
    let length = 0;
    for (const end of this.#ends(text)) {
      if (length >= Math.max(credit, due)) break;
      length = end;
    }
    if (length < due) {
      const hasPaused = due === text.length;
      length = Math.max(length, showableLength(text, hasPaused));
      this.#hasOnlyBegun = hasPaused && length < text.length;
    }
    this.#credit = length === text.length ? 0 : Math.min(0, credit - length);
    this.#drop(length);
    return text.slice(0, length);
  }

  /** @returns all waiting text, whole units or not */
  flush(): string {
    const text = this.#waiting;
    this.#waiting = '';
    this.#arrivals = [];
    return text;
  }

  /** How much to show now so that all text is in time at an even pace, and how much would be late at the next chance. */
  #plan(now: number): { readonly pace: number; readonly due: number } {
    let [sum, pace, due] = [0, 0, 0];
    for (const { at, length } of this.#arrivals) {
      const left = Math.max(0, at + this.#maxLag - now);
      const chances = Math.floor(left / this.#interval) + 1;
      sum += length;
      pace = Math.max(pace, sum / chances);
      if (chances === 1) due = sum;
    }
    return { pace, due };
  }

  #drop(length: number): void {
    this.#waiting = this.#waiting.slice(length);
    let rest = length;
    let [oldest] = this.#arrivals;
    while (oldest !== undefined && oldest.length <= rest) {
      rest -= oldest.length;
      this.#arrivals.shift();
      [oldest] = this.#arrivals;
    }
    if (oldest !== undefined) oldest.length -= rest;
  }
}
