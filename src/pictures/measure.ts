import type { End, Marble } from './drawing.js';
import { lettersOf } from './visibleText.js';

/** Sizes of a picture, in px. */
export const SIZE = {
  font: 12,
  small: 11,
  pill: 24,
  pillPadding: 9,
  stackGap: 4,
  framePadding: 4,
  /** Between neighbours on a line. */
  gap: 10,
  margin: 18,
  /** Of one ms, while it is drawn to scale. */
  frame: 15,
  /** The most that a wait may take; longer ones are broken. */
  wait: 105,
  /** Of the mark that says so. */
  break: 46,
} as const;

/** What stands beside the row of a subscription. */
export const SUBSCRIBED = 'subscribed';

/** As narrow as the font: Latin, Greek, Cyrillic, punctuation, arrows and boxes. */
const NARROW = /[\0-\u052f\u1e00-\u1fff\u2010-\u2bff]/u;

/** Wide in every monospaced font: pictographs, CJK, full-width forms. */
const WIDE =
  /[\p{Extended_Pictographic}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\uff00-\uff60]/u;

/** How wide a text becomes at most in any usual monospaced font, in px; even, so that its half is a whole one. */
export function textWidth(text: string, size: number = SIZE.font): number {
  let ems = 0;
  for (const letter of text) ems += letterWidth(letter);
  return Math.ceil((ems * size) / 2) * 2;
}

/** In em; a letter of a script that monospaced fonts lack comes from another font, wider than theirs. */
function letterWidth(letter: string): number {
  if (letter <= '~') return 0.615;
  if (WIDE.test(letter)) return 1.4;
  return NARROW.test(letter) ? 0.615 : 1.2;
}

/** East Asian wide forms, and what terminals draw as a picture. */
const TWO_COLUMNS =
  /[\p{Emoji_Presentation}\ufe0f\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f1e6}-\u{1f1ff}\u{20000}-\u{3fffd}]/u;

/** How many columns of a terminal a text takes. */
export function columnsOf(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  return lettersOf(text).reduce((sum, letter) => {
    if (TWO_COLUMNS.test(letter)) return sum + 2;
    return sum + (/^[\p{M}\p{Cf}]*$/u.test(letter) ? 0 : 1);
  }, 0);
}

/** What a picture of lanes is measured in: px, or the columns of a terminal. */
export interface Ruler {
  readonly widthOf: (text: string) => number;
  /** Of a pill, beside its label. */
  readonly padding: number;
  /** Between neighbours. */
  readonly gap: number;
  /** How far a pill may be pushed from its moment before it joins its neighbour. */
  readonly push: number;
  /** At least this much of a long label is shown, where there is room for pills at all. */
  readonly label: number;
  /** Beside the words of a broken wait. */
  readonly breakPadding: number;
  /** Between two marks of time, at least. */
  readonly tick: number;
}

/** The ruler of SVG. */
export const PIXELS: Ruler = {
  widthOf: (text) => textWidth(text),
  padding: 2 * SIZE.pillPadding,
  gap: SIZE.stackGap,
  push: 48,
  label: 104,
  breakPadding: 20,
  tick: 84,
};

/** The ruler of a terminal: a label has a symbol and a space before it. */
export const COLUMNS: Ruler = {
  widthOf: columnsOf,
  padding: 2,
  gap: 1,
  push: 6,
  label: 14,
  breakPadding: 4,
  tick: 12,
};

/** How much room something takes, in px. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The size of one value, with its frame if it has one. */
export function sizeOf({ faces, framed }: Marble): Size {
  const label = Math.max(...faces.map((face) => textWidth(face.label)));
  const padding = framed ? SIZE.framePadding : 0;
  const stack = faces.length * (SIZE.pill + SIZE.stackGap) - SIZE.stackGap;
  return { width: label + 2 * (SIZE.pillPadding + padding), height: stack + 2 * padding };
}

/** The size of values that stand at one moment, one above the other. */
export function stackSize(marbles: readonly Marble[]): Size {
  const sizes = marbles.map(sizeOf);
  return {
    width: Math.max(0, ...sizes.map(({ width }) => width)),
    height: sizes.reduce((sum, { height }) => sum + height + SIZE.stackGap, -SIZE.stackGap),
  };
}

/** How far the end of a line reaches to the right of its moment. */
export function endWidth({ kind, label }: End): number {
  const word = kind === 'unsubscribe' ? 'unsubscribed' : (label ?? '');
  return word === '' ? 10 : 22 + textWidth(word, SIZE.small);
}
