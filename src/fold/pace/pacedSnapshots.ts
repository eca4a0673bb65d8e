import type { PacedText } from './pacedText.js';
import { textOfSnapshot, withTextUpTo, type TextSnapshot } from './shownTexts.js';

/**
 * Snapshots whose text is on its way to the reader. It belongs to one subscription and only computes: the caller passes
 * the time. What is not text is never held back, unless it stands behind text that is.
 */
export class PacedSnapshots<S extends TextSnapshot> {
  readonly #begin: () => PacedText;
  #paced: PacedText;
  #latest: S | undefined;
  /** The texts that were handed on to be paced, and how much of them is shown, in UTF-16 units. */
  #text = '';
  #length = 0;
  /** What was shown last, how much of the texts that is, and of which snapshot. */
  #shown: { readonly snapshot: S; readonly length: number; readonly of: S } | undefined;

  /** @param begin - makes what paces a text */
  constructor(begin: () => PacedText) {
    this.#begin = begin;
    this.#paced = begin();
  }

  /** Whether some text will be shown after some time, even if no more comes. */
  get isWaiting(): boolean {
    return this.#paced.isWaiting;
  }

  /** @returns the message before it, which nothing will complete any more */
  add(snapshot: S, now: number): S | undefined {
    const before = isAnother(snapshot, this.#latest) ? this.flush() : undefined;
    this.#latest = snapshot;
    // While text waits, what came is read with the next tick: to read the text of every snapshot costs too much.
    if (!this.isWaiting) this.#read(now);
    return before;
  }

  /**
   * @param now - the time, in ms
   * @param isHurried - whether to ignore the pace
   * @returns what to show now, unless that is shown
   */
  take(now: number, isHurried = false): S | undefined {
    this.#read(now);
    this.#length += this.#paced.take(now, isHurried).length;
    return this.#show();
  }

  /** @returns all of it, unless that is shown */
  flush(): S | undefined {
    this.#paced = this.#begin();
    this.#text = '';
    this.#length = Infinity;
    const shown = this.#show();
    this.#length = 0;
    return shown;
  }

  #read(now: number): void {
    const text = this.#latest === undefined ? '' : textOfSnapshot(this.#latest);
    // Another attempt, or another message.
    if (!text.startsWith(this.#text)) {
      this.#paced = this.#begin();
      this.#text = '';
      this.#length = 0;
    }
    this.#paced.add(text.slice(this.#text.length), now);
    this.#text = text;
  }

  #show(): S | undefined {
    const of = this.#latest;
    const last = this.#shown;
    const length = this.#length;
    if (of === undefined) return undefined;
    const snapshot = withTextUpTo(of, length);
    if (last?.of === of && (last.snapshot === snapshot || last.length === length)) return undefined;
    this.#shown = { snapshot, length, of };
    return snapshot;
  }
}

function isAnother(one: TextSnapshot, other: TextSnapshot | undefined): boolean {
  return other !== undefined && 'content' in one && 'content' in other && one.id !== other.id;
}
