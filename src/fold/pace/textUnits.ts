/** The units of text: what a reader sees as one character, a word with the space after it, or a line. */
export type TextUnit = 'grapheme' | 'word' | 'line';

/** Finds the certain ends of the units of a text, in order. What follows the text may still belong to its last unit. */
export type UnitEnds = (text: string) => Iterable<number>;

interface Segment {
  readonly segment: string;
  readonly isWordLike?: boolean | undefined;
}

type Segments = (text: string) => Iterable<Segment>;

/**
 * How far to look for the end of a unit at first, in UTF-16 units: most units are shorter. The platform copies the text
 * that it segments, so it does not get the whole text.
 */
const WINDOW = 32;

/** How much to segment at once, in UTF-16 units, where the ends of many units are asked for. */
const WIDEST_WINDOW = 512;

/** The longest that a word can be, in UTF-16 units. */
const LONGEST_WORD = 256;

/** How far from the end to look for the last grapheme at first, in UTF-16 units. */
const TAIL = 256;

/** The beginning of a flag, a family or a surrogate pair. */
const BEGUN = /^\p{RI}$|[\u200d\p{Cs}]$/u;

/**
 * @param unit - how to divide the text
 * @param locale - the language of the words, as a BCP 47 tag
 * @returns a function that finds the ends of the units in a text that begins with a unit
 */
export function unitEnds(unit: TextUnit, locale?: string): UnitEnds {
  if (unit === 'line') return lineEnds;
  const segmenter = new Intl.Segmenter(locale, { granularity: unit });
  const segments: Segments = (text) => segmenter.segment(text);
  return unit === 'word'
    ? (text) => endsFrom(text, 0, segments, isWordEnd)
    : (text) => graphemeEnds(text, segments);
}

/**
 * How much of a text can be shown although its last unit is not certain.
 *
 * @param text - a text that begins with a grapheme
 * @param mayEnd - whether nothing has come for so long that the last grapheme may be whole
 * @returns a length, in UTF-16 units. It includes the last grapheme only if that may be whole and does not look unfinished
 */
export function showableLength(text: string, mayEnd: boolean): number {
  // Half of the next character says nothing of the last one.
  const whole = withoutHalf(text);
  const last = lastStart(whole);
  return mayEnd && !BEGUN.test(whole.slice(last)) ? whole.length : last;
}

/** Finds the start of the last grapheme, looking near the end first. */
function lastStart(text: string): number {
  const ends = unitEnds('grapheme');
  for (let size = TAIL; ; size *= 2) {
    const tail = Math.max(0, text.length - size);
    const starts = [...ends(text.slice(tail))];
    const last = starts.at(-1) ?? 0;
    // The first end may belong to a grapheme that the tail has cut.
    if (tail === 0 || starts.length > 1) return tail + last;
  }
}

function* lineEnds(text: string): Generator<number> {
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) yield at + 1;
}

/**
 * A word ends after a space, and between two words without a space, as in Chinese and Thai. A long row without either,
 * such as a row of emoji, is not one word.
 */
function isWordEnd(before: Segment, after: Segment, at: number): boolean {
  if (at >= LONGEST_WORD) return true;
  if (/\s$/.test(before.segment)) return !/^\s/.test(after.segment);
  return before.isWordLike === true && after.isWordLike === true;
}

function* graphemeEnds(text: string, segments: Segments): Generator<number> {
  const isPlain = (at: number): boolean => isPlainAt(text, at) && isPlainAt(text, at + 1);
  let at = 0;
  let start = -1;
  while (at !== start) {
    while (isPlain(at)) yield ++at;
    start = at;
    let row = 0;
    for (const end of endsFrom(text, at, segments, () => true)) {
      yield (at = end);
      row = isPlain(at) ? row + 1 : 0;
      // A long row needs no segmenter; for a short one, to begin anew behind it would cost more.
      if (row === WINDOW) break;
    }
  }
}

/** Between two ASCII characters there is always an end, except between CR and LF. */
function isPlainAt(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit < 0x80 && unit !== 0x0d;
}

/**
 * Finds the ends of units from one start on. It looks at little at first, for whoever wants few of them, then at more at
 * once: to segment a text unit by unit takes many times as long.
 */
function* endsFrom(
  text: string,
  first: number,
  segments: Segments,
  isEnd: (before: Segment, after: Segment, at: number) => boolean,
): Generator<number> {
  let start = first;
  for (let size = WINDOW; ; size *= 2) {
    const isWhole = start + size >= text.length;
    const window = withoutHalf(text.slice(start, start + size));
    let before: Segment | undefined;
    let [at, found] = [0, 0];
    for (const after of segments(window)) {
      // The window may have cut the last segment, which is for the next window to say; unless it is a long unit's.
      if (found > 0 && !isWhole && at + after.segment.length === window.length) break;
      if (before !== undefined && isEnd(before, after, at - found)) {
        yield start + at;
        found = at;
      }
      at += after.segment.length;
      before = after;
    }
    if (isWhole) return;
    if (found > 0) size = Math.min(size, WIDEST_WINDOW);
    start += found;
  }
}

/** Drops half a character at the end, which could look like the beginning of a segment. */
function withoutHalf(text: string): string {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff ? text.slice(0, -1) : text;
}
