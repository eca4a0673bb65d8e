/** What a label must not contain: it would command a terminal, reverse the text around it, or be forbidden in XML. */
const UNSEEN =
  /[\0-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufdd0-\ufdef\ufeff\ufff9-\uffff\p{Surrogate}]|[\u{1fffe}\u{1ffff}\u{e0000}-\u{e007f}]/gu;

/** No label is longer than this many UTF-16 units: a longer one would not be read. */
export const LONGEST = 256;

/**
 * Makes visible what a text hides: white space becomes a space, a control character its symbol (`␛`), and
 * what lacks a symbol, such as half a surrogate pair or a mark that reverses text, `�`.
 */
export function visible(text: string): string {
  return text.replace(/\s+/g, ' ').replace(UNSEEN, (letter) => {
    const code = letter.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    return code === 0x7f ? '\u2421' : '\ufffd';
  });
}

/** The beginning of a text, as long as it fits, with `…` for the rest; empty where not even `…` fits. */
export function shorten(text: string, room: number, widthOf: (text: string) => number): string {
  if (text.length <= LONGEST && widthOf(text) <= room) return text;
  const letters = lettersOf(text.slice(0, LONGEST));
  const beginning = (count: number): string => `${letters.slice(0, count).join('').trimEnd()}…`;
  let [fits, over] = [0, letters.length];
  while (over - fits > 1) {
    const middle = (fits + over) >> 1;
    if (widthOf(beginning(middle)) <= room) fits = middle;
    else over = middle;
  }
  return fits > 0 || widthOf('…') <= room ? beginning(fits) : '';
}

/** The same where each letter is as wide as any other: at most so many of them, `…` included. */
export function shortenTo(text: string, most: number): string {
  const isLong = text.length > LONGEST;
  const letters: string[] = [];
  // Of a long text no more than its beginning is looked at.
  for (const letter of eachLetter(isLong ? text.slice(0, LONGEST) : text)) {
    if (letters.push(letter) > most) break;
  }
  if (!isLong && letters.length <= most) return text;
  const count = Math.min(most, letters.length) - 1;
  return most < 1 ? '' : `${letters.slice(0, count).join('').trimEnd()}…`;
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

const ASCII = /^[ -~]*$/;

/** The letters as a reader counts them: an emoji of several code points is one. */
export function lettersOf(text: string): string[] {
  return ASCII.test(text) ? [...text] : Array.from(graphemes.segment(text), ({ segment }) => segment);
}

/** The same, one after the other, for those who look no further than they need. */
function* eachLetter(text: string): Generator<string, void> {
  if (ASCII.test(text)) yield* text;
  else for (const { segment } of graphemes.segment(text)) yield segment;
}
