const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** East Asian Wide and Fullwidth, and what terminals draw as a picture. */
const WIDE =
  /[\p{Emoji_Presentation}\ufe0f\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f1e6}-\u{1f1ff}\u{20000}-\u{3fffd}]/u;

const ASCII = /^[\x20-\x7e]*$/;

/** How many columns of a terminal a text takes. */
export function widthOf(text: string): number {
  if (ASCII.test(text)) return text.length;
  return lettersOf(text).reduce((sum, letter) => sum + letterWidth(letter), 0);
}

/**
 * Breaks a text into lines, between words where it can.
 *
 * @param text - with `\n` for its own line breaks
 * @param width - the most columns of a line; `Infinity` leaves the text's own lines
 */
export function wrap(text: string, width: number): string[] {
  return text.split('\n').flatMap((line) => (widthOf(line) <= width ? [line] : wrapLine(line, width)));
}

/** Breaks a text into lines wherever they are full, as suits data; otherwise as {@link wrap}. */
export function fold(text: string, width: number): string[] {
  return text.split('\n').flatMap((line) => (widthOf(line) <= width ? [line] : foldLine(line, width)));
}

/** The beginning of a text that fits, with `…` where something was left out. */
export function clip(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  return width < 1 ? '' : `${foldLine(text, width - 1)[0] ?? ''}…`;
}

function wrapLine(line: string, width: number): string[] {
  const lines: string[] = [];
  let current = '';
  let used = 0;
  for (const part of partsOf(line)) {
    if (used + widthOf(part) > width && used > 0) {
      lines.push(current.trimEnd());
      current = '';
      used = 0;
      // A space at a break is the break.
      if (part.trim() === '') continue;
    }
    const pieces = foldLine(part, width);
    lines.push(...pieces.slice(0, -1));
    const piece = pieces.at(-1) ?? '';
    current += piece;
    used += widthOf(piece);
  }
  return current === '' ? lines : [...lines, current];
}

function foldLine(line: string, width: number): string[] {
  const lines: string[] = [];
  let current = '';
  let used = 0;
  for (const letter of lettersOf(line)) {
    const size = letterWidth(letter);
    if (used + size > width && current !== '') {
      lines.push(current);
      current = '';
      used = 0;
    }
    current += letter;
    used += size;
  }
  return [...lines, current];
}

/** Words, runs of spaces, and wide letters one by one: lines may break around each of them. */
function partsOf(line: string): readonly string[] {
  if (ASCII.test(line)) return line.match(/\s+|\S+/g) ?? [];
  const parts: string[] = [];
  let last = '';
  for (const letter of lettersOf(line)) {
    const kind = letter.trim() === '' ? 'space' : WIDE.test(letter) ? 'wide' : 'word';
    if (kind === last && kind !== 'wide') parts.push(`${parts.pop() ?? ''}${letter}`);
    else parts.push(letter);
    last = kind;
  }
  return parts;
}

/** In UTF-16 units. A segmenter takes quadratic time, so a long text is given to it in stretches. */
const STRETCH = 256;

function lettersOf(text: string): string[] {
  const letters: string[] = [];
  for (let at = 0; at < text.length;) {
    const found = Array.from(graphemes.segment(text.slice(at, at + STRETCH)), ({ segment }) => segment);
    // The last one may go on in the next stretch.
    if (at + STRETCH < text.length && found.length > 1) found.pop();
    for (const letter of found) {
      letters.push(letter);
      at += letter.length;
    }
  }
  return letters;
}

function letterWidth(letter: string): number {
  if (WIDE.test(letter)) return 2;
  return /^[\p{M}\p{Cf}\p{Cc}]*$/u.test(letter) ? 0 : 1;
}

/**
 * A model's text as it may be shown: what a terminal would take for a command is made visible.
 *
 * @param text - from anywhere
 * @returns the text without control characters other than line breaks
 */
export function printable(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/\t/g, '    ')
    .replace(/[\0-\x09\x0b-\x1f]/g, (control) => String.fromCharCode(0x2400 + control.charCodeAt(0)))
    .replace(/[\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
}
