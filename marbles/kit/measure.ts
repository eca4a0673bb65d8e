import type { End, Marble } from './drawing.js';

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

/** Wide in every monospaced font: pictographs, CJK, full-width forms. */
const WIDE =
  /[\p{Extended_Pictographic}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\uff00-\uff60]/u;

/** How wide a text becomes at most in any usual monospaced font, in px; even, so that its half is a whole one. */
export function textWidth(text: string, size: number = SIZE.font): number {
  const ems = [...text].reduce((sum, letter) => sum + (WIDE.test(letter) ? 1.4 : 0.615), 0);
  return Math.ceil((ems * size) / 2) * 2;
}

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
