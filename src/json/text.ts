import { BACKSLASH, LOWER_U, QUOTE, hexValue, isHighSurrogate, plainEnd, unescape } from './scan.js';

/** In `#awaited`: the backslash has been read, and nothing after it. */
const LETTER = -1;

/** From how many characters on `recent` is settled: enough to matter, few enough to cost nothing. */
const RECENT = 512;

/**
 * Reads one string, from the character after its opening quote on, through any number of fragments.
 *
 * The text read so far is only ever appended to. To look into it (an index, a slice, a comparison) would make the
 * engine copy it whole each time, which is quadratic; so what must be looked at is looked at in the fragment.
 */
export class TextReader {
  /** The text so far, but for its latest part. */
  settled = '';
  /**
   * The latest part of it, a few hundred characters at most. The text never ends in half an escape, nor, while more
   * may come, in half a surrogate pair.
   */
  recent = '';
  /** What the last `read` added. */
  grown = '';
  /** Whether the closing quote has been read. */
  closed = false;
  /** What `read` has gathered, and the last part of it. */
  #piece = '';
  #last = '';
  /** A high surrogate at the end, withheld until it is known what follows. */
  #high = '';
  /** How many hexadecimal digits an escape still lacks, `LETTER`, or 0 outside of escapes. */
  #awaited = 0;
  /** The code unit that the digits read so far spell. */
  #unit = 0;

  /** The text so far. */
  get value(): string {
    return this.settled + this.recent;
  }

  begin(): void {
    this.settled = '';
    this.recent = '';
    this.grown = '';
    this.closed = false;
    this.#high = '';
    this.#awaited = 0;
  }

  /**
   * @param fragment - the text at hand
   * @param from - the index to read from
   * @returns the index after the last character read, or the complement (`~index`) of one that cannot stand there
   */
  read(fragment: string, from: number): number {
    this.#piece = this.#last = this.#high;
    let at = this.#awaited === 0 ? from : this.#readEscape(fragment, from);
    while (at >= 0 && at < fragment.length && !this.closed) at = this.#readRun(fragment, at);
    this.#release();
    return at;
  }

  /** Reads characters that stand for themselves, and what ends their run. */
  #readRun(fragment: string, from: number): number {
    const stop = plainEnd(fragment, from);
    if (stop > from) this.#add(fragment.slice(from, stop));
    if (stop === fragment.length) return stop;
    switch (fragment.charCodeAt(stop)) {
      case QUOTE:
        this.closed = true;
        return stop + 1;
      case BACKSLASH:
        this.#awaited = LETTER;
        return this.#readEscape(fragment, stop + 1);
      default:
        return ~stop;
    }
  }

  /** Reads an escape from behind its backslash, or the rest of one that a fragment ended in. */
  #readEscape(fragment: string, from: number): number {
    let at = from;
    if (at === fragment.length) return at;
    if (this.#awaited === LETTER) {
      const code = fragment.charCodeAt(at);
      if (code !== LOWER_U) return this.#readLetter(code, at);
      this.#awaited = 4;
      this.#unit = 0;
      at += 1;
    }
    for (; this.#awaited > 0 && at < fragment.length; at += 1) {
      const digit = hexValue(fragment.charCodeAt(at));
      if (digit < 0) return ~at;
      this.#unit = this.#unit * 16 + digit;
      this.#awaited -= 1;
    }
    if (this.#awaited === 0) this.#add(String.fromCharCode(this.#unit));
    return at;
  }

  #readLetter(code: number, at: number): number {
    const character = unescape(code);
    if (character === '') return ~at;
    this.#awaited = 0;
    this.#add(character);
    return at + 1;
  }

  #add(part: string): void {
    this.#piece += part;
    this.#last = part;
  }

  #release(): void {
    const last = this.#last;
    this.#high = '';
    if (!this.closed && last !== '' && isHighSurrogate(last.charCodeAt(last.length - 1))) {
      this.#high = last.slice(-1);
      this.#piece = this.#piece.slice(0, -1);
    }
    this.grown = this.#piece;
    if (this.recent.length >= RECENT) this.#settle();
    this.recent += this.#piece;
  }

  /** Lets the engine copy the many small parts of `recent` into one string, by looking into it this once. */
  #settle(): void {
    this.recent.charCodeAt(0);
    this.settled += this.recent;
    this.recent = '';
  }
}
