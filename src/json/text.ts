import { Rope } from './rope.js';
import { BACKSLASH, LOWER_U, QUOTE, SPACE, hexValue, isHighSurrogate, unescape } from './scan.js';

/** A string that has come to so many characters is taken to go on, and the engine is given so many more of it at once. */
const STRETCH = 4096;

/** The length of `\ud83d`. */
const LONGEST_ESCAPE = 6;

/** Of less than this the engine's own reading is no faster. */
const SHORT_STRETCH = 128;

/** In `#awaited`: the backslash has been read, and nothing after it. */
const LETTER = -1;

/**
 * Reads one string, from the character after its opening quote on, through any number of fragments.
 *
 * The text read so far is only ever appended to. To look into it (an index, a slice, a comparison) would make the
 * engine copy it whole each time, which is quadratic; so what must be looked at is looked at in the fragment.
 */
export class TextReader {
  /** The text so far. It never ends in half an escape, nor, while more may come, in half a surrogate pair. */
  readonly rope = new Rope();
  /** Where the last `read` ended: the index after what it read, or the complement of one that cannot stand there. */
  end = 0;
  /** Whether the closing quote has been read. */
  closed = false;
  /** What this `read` adds. */
  #piece = '';
  /** The high surrogates at the end, withheld until it is known what follows them. */
  #held = '';
  /** How many hexadecimal digits an escape still lacks, `LETTER`, or 0 outside of escapes. */
  #awaited = 0;
  /** The code unit that the digits read so far spell. */
  #unit = 0;

  /** The text so far. */
  get value(): string {
    return this.rope.text;
  }

  begin(): void {
    this.rope.clear();
    this.closed = false;
    this.#held = '';
    this.#awaited = 0;
  }

  /** @returns another reader that stands where this one stands */
  fork(): TextReader {
    const other = new TextReader();
    other.rope.settled = this.rope.settled;
    other.rope.recent = this.rope.recent;
    other.closed = this.closed;
    other.#held = this.#held;
    other.#awaited = this.#awaited;
    other.#unit = this.#unit;
    return other;
  }

  /**
   * @param fragment - the next piece of text
   * @param from - the index to read from
   * @returns what it added to the text; `end` says how far it came
   */
  read(fragment: string, from: number): string {
    let at = from;
    this.#piece = '';
    if (this.#awaited !== 0) at = this.#readEscape(fragment, from);
    // From where on a long string can be read in stretches; beyond the fragment once it is known to end soon.
    let long = Math.max(from, from + STRETCH - this.rope.length);
    while (at >= 0 && at < fragment.length && !this.closed) {
      if (at < long || fragment.length - at < SHORT_STRETCH) {
        at = this.#readRun(fragment, at, at < long ? Math.min(long, fragment.length) : fragment.length);
        continue;
      }
      const end = this.#readStretch(fragment, at);
      if (end === at) long = fragment.length;
      at = end;
    }
    this.end = at;
    return this.#grow();
  }

  /**
   * Reads a stretch of a long string with the engine's own parser, which is many times as fast, but tells nothing of a
   * stretch that the string ends in, and that at the price of an exception.
   *
   * @returns the index after what was read; `from` if the string does not go on that far
   */
  #readStretch(fragment: string, from: number): number {
    const end = stretchEnd(fragment, from, Math.min(from + STRETCH, fragment.length));
    try {
      this.#add(JSON.parse(`"${fragment.slice(from, end)}"`) as string);
      return end;
    } catch {
      return from;
    }
  }

  /** Reads characters that stand for themselves and escapes of one letter, and what ends their run. */
  #readRun(fragment: string, from: number, to: number): number {
    let part = '';
    let start = from;
    let stop = from;
    for (; stop < to; stop += 1) {
      const unit = fragment.charCodeAt(stop);
      if (unit > BACKSLASH || (unit !== QUOTE && unit !== BACKSLASH && unit >= SPACE)) continue;
      if (unit !== BACKSLASH || stop + 1 === fragment.length) break;
      const character = unescape(fragment.charCodeAt(stop + 1));
      if (character === '') break;
      part += fragment.slice(start, stop) + character;
      stop += 1;
      start = stop + 1;
    }
    if (stop > from) {
      // To look at the end of the part, which is joined, would make the engine copy it.
      const endsInHalf = isHighSurrogate(fragment.charCodeAt(stop - 1));
      if (endsInHalf || this.#held !== '') this.#add(part + fragment.slice(start, stop));
      else this.#piece += part + fragment.slice(start, stop);
    }
    if (stop >= to) return stop;
    const code = fragment.charCodeAt(stop);
    if (code === BACKSLASH) {
      this.#awaited = LETTER;
      return this.#readEscape(fragment, stop + 1);
    }
    this.closed = code === QUOTE;
    return this.closed ? stop + 1 : ~stop;
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
    const end = trailingHighStart(part);
    if (end === part.length && this.#held === '') {
      this.#piece += part;
    } else if (end === 0) {
      this.#held += part;
    } else {
      this.#piece += this.#held + part.slice(0, end);
      this.#held = part.slice(end);
    }
  }

  /** Appends what was read. */
  #grow(): string {
    const grown = this.closed ? this.#piece + this.#held : this.#piece;
    this.rope.append(grown);
    return grown;
  }
}

/** @returns the index of the escape that begins right before `end`, so that it might be cut there; else `end` */
function stretchEnd(fragment: string, from: number, end: number): number {
  for (let at = end - 1; at >= end - LONGEST_ESCAPE; at -= 1) {
    if (fragment.charCodeAt(at) !== BACKSLASH) continue;
    let start = at;
    while (start > from && fragment.charCodeAt(start - 1) === BACKSLASH) start -= 1;
    // Of a row of backslashes each second one is escaped.
    return (at - start) % 2 === 0 ? at : end;
  }
  return end;
}

/** @returns the index from which on there are only high surrogates, each half a pair; the length if there are none */
function trailingHighStart(part: string): number {
  let start = part.length;
  while (start > 0 && isHighSurrogate(part.charCodeAt(start - 1))) start -= 1;
  return start;
}
