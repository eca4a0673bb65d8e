/** What text is parted into: what a reader takes for a character, a word with the space after it, a line. */
export type TextUnit = 'grapheme' | 'word' | 'line';

/** Gives where the units of a text end, in order, as far as they are certain: what follows may belong to the last one. */
export type UnitEnds = (text: string) => Iterable<number>;

interface Segment {
  readonly segment: string;
  readonly isWordLike?: boolean | undefined;
}

type Segments = (text: string) => Iterable<Segment>;

/**
 * Looked at first for the end of a unit, in UTF-16 units: more than most are long. Not all of the text, for the platform
 * copies what it is given to part.
 */
const WINDOW = 32;

/** From how many UTF-16 units on a row of segments is no word any more. */
const LONGEST_WORD = 256;

/** Looked at first for the start of the last grapheme, in UTF-16 units. */
const TAIL = 256;

/** Where `Intl.Segmenter` is missing: near enough. */
const GRAPHEMES = /\r\n|\p{RI}{2}|[^](?:[\p{M}\p{EMod}\u{e0020}-\u{e007f}]|\u200d[^]?)*/gu;
const WORDS = /\s+|\S+/g;

/** A flag, a family or a surrogate pair of which the rest is still to come. */
const BEGUN = /^\p{RI}$|[\u200d\p{Cs}]$/u;

/**
 * @param unit - what to part text into
 * @param locale - whose words, as a BCP 47 tag
 * @returns what tells the ends of the units of a text that begins with one
 */
export function unitEnds(unit: TextUnit, locale?: string): UnitEnds {
  if (unit === 'line') return lineEnds;
  const segments = segmenter(unit, locale);
  return unit === 'word' ? (text) => wordEnds(text, segments) : (text) => graphemeEnds(text, segments);
}

/**
 * How much of a text can be shown though the unit at its end is not certain.
 *
 * @param text - a text that begins with a grapheme
 * @param mayEnd - whether nothing has come for so long that its last grapheme may be whole
 * @returns a length, in UTF-16 units: without the last grapheme, unless that may be whole and has not visibly only begun
 */
export function showableLength(text: string, mayEnd: boolean): number {
  const last = lastStart(text);
  return mayEnd && !BEGUN.test(text.slice(last)) ? text.length : last;
}

/** Where the last grapheme starts. Looked for near the end first: from there on all are found but a cut one. */
function lastStart(text: string): number {
  const ends = unitEnds('grapheme');
  for (let size = TAIL; ; size *= 2) {
    const tail = Math.max(0, text.length - size);
    const starts = [...ends(text.slice(tail))];
    const last = starts.at(-1) ?? 0;
    // The first end may be that of one that the tail has cut.
    if (tail === 0 || starts.length > 1) return tail + last;
  }
}

function segmenter(granularity: 'grapheme' | 'word', locale: string | undefined): Segments {
  if ('Segmenter' in Intl) {
    const platform = new Intl.Segmenter(locale, { granularity });
    return (text) => platform.segment(text);
  }
  const pattern = granularity === 'grapheme' ? GRAPHEMES : WORDS;
  return (text) => (text.match(pattern) ?? []).map((segment) => ({ segment }));
}

function* lineEnds(text: string): Generator<number> {
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) yield at + 1;
}

function* wordEnds(text: string, segments: Segments): Generator<number> {
  let end = endAfter(text, 0, segments, parts);
  while (end !== undefined) {
    yield end;
    end = endAfter(text, end, segments, parts);
  }
}

/**
 * After a space there is an end, and between two words that none parts, as in Chinese and Thai. What goes on for long
 * without, such as a row of emoji, is no word.
 */
function parts(before: Segment, after: Segment, at: number): boolean {
  if (at >= LONGEST_WORD) return true;
  if (/\s$/.test(before.segment)) return !/^\s/.test(after.segment);
  return before.isWordLike === true && after.isWordLike === true;
}

function* graphemeEnds(text: string, segments: Segments): Generator<number> {
  let at = 0;
  while (at + 1 < text.length) {
    const isPlain = isPlainAt(text, at) && isPlainAt(text, at + 1);
    const end = isPlain ? at + 1 : endAfter(text, at, segments, () => true);
    if (end === undefined) return;
    yield end;
    at = end;
  }
}

/** Between two characters of ASCII there always is an end, but for CR and LF. */
function isPlainAt(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit < 0x80 && unit !== 0x0d;
}

function endAfter(
  text: string,
  start: number,
  segments: Segments,
  isEnd: (before: Segment, after: Segment, at: number) => boolean,
): number | undefined {
  for (let size = WINDOW; ; size *= 2) {
    const end = firstEnd(segments(withoutHalf(text.slice(start, start + size))), isEnd);
    if (end !== undefined) return start + end;
    if (start + size >= text.length) return undefined;
  }
}

function firstEnd(
  segments: Iterable<Segment>,
  isEnd: (before: Segment, after: Segment, at: number) => boolean,
): number | undefined {
  let before: Segment | undefined;
  let at = 0;
  for (const after of segments) {
    if (before !== undefined && isEnd(before, after, at)) return at;
    at += after.segment.length;
    before = after;
  }
  return undefined;
}

/** Half a character at the end could be taken for one that begins a segment. */
function withoutHalf(text: string): string {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff ? text.slice(0, -1) : text;
}
