import type { Face, Look, Piece, Tone } from './drawing.js';
import type { Mark } from './lanes.js';
import type { Ruler } from './measure.js';
import { LONGEST, shorten } from './visibleText.js';

/** Neighbours shown as one pill. */
export interface Run {
  readonly first: Mark;
  readonly last: Mark;
  readonly count: number;
  /** What it shows, in order: like neighbours are one. */
  readonly faces: readonly Face[];
  readonly start: number;
  readonly end: number;
  /** Whether its label will be cut anyway, so that it need not be measured again. */
  readonly isLong: boolean;
}

/** A pill shows no more parts than these. */
const MOST_PARTS = 8;

/** A mark on its own, at its place. */
export function runOf(mark: Mark, place: number): Run {
  return { first: mark, last: mark, count: 1, faces: [mark.face], start: place, end: place, isLong: false };
}

/** Two neighbours as one. */
export function joined(before: Run, after: Run): Run {
  const faces = [...before.faces];
  for (const face of after.faces) {
    const last = faces.at(-1);
    if (last && areAlike(last, face)) faces.push(alike(faces.pop() ?? last, face));
    else if (faces.length < MOST_PARTS) faces.push(face);
    // What is left out is counted; the last one says how it ends.
    else faces[MOST_PARTS - 1] = face;
  }
  return {
    ...before,
    last: after.last,
    count: before.count + after.count,
    faces,
    end: after.end,
    isLong: before.isLong || faces.reduce((sum, { label }) => sum + label.length, 0) > 2 * MAX_LETTERS,
  };
}

/** Whether two faces say the same, or pieces of the same. */
export function areAlike(a: Face, b: Face): boolean {
  if (a.look !== b.look || a.tone !== b.tone) return false;
  if (a.piece && b.piece) return a.piece.before === b.piece.before && a.piece.after === b.piece.after;
  return a.label === b.label && !a.piece && !b.piece;
}

/** Two like faces as one: their pieces one after the other, as far as a label may reach. */
function alike(a: Face, b: Face): Face {
  if (!a.piece || !b.piece || a.piece.text.length > LONGEST) return a;
  const piece: Piece = { ...a.piece, text: a.piece.text + b.piece.text };
  return { ...a, label: `${piece.before}${piece.text}${piece.after}` || '""', piece };
}

/** How many marks a run stands for, if more than one. */
export function countOf({ count }: Run): string {
  return count > 1 ? ` ×${count}` : '';
}

/** What a run says, as far as there is room. */
export function labelOf(run: Run, room: number, ruler: Ruler): string {
  const count = countOf(run);
  const words = shorten(wordsOf(run), room, (text) => ruler.widthOf(`${text}${count}`));
  return words === '' ? shorten(count.trimStart(), room, ruler.widthOf) : `${words}${count}`;
}

/** What a run says where it has all the room that a reader needs. */
export function fullLabel(run: Run): string {
  return `${shorten(wordsOf(run), MAX_LETTERS, (text) => text.length)}${countOf(run)}`;
}

/** As many as a label has where nothing limits it. */
const MAX_LETTERS = 32;

/** What a run says: `get_weather {"city":"Tokyo"}` for a start, its pieces and a stop. */
function wordsOf({ faces }: Run): string {
  const needed = faces.filter((face, nth) => !isImplied(face, faces[nth - 1], faces.slice(nth + 1)));
  return needed.reduce((words, { label, piece }) => {
    const between = piece?.before === '' ? ' ' : ' · ';
    return words === '' ? label : `${words}${between}${label}`;
  }, '');
}

/** Whether the others show what a face says: a delta names what has begun, and the look of the pill shows a stop. */
function isImplied({ label, tone, look }: Face, before: Face | undefined, after: readonly Face[]): boolean {
  if (look !== 'outline') return false;
  if (label === 'stop' && before?.tone === tone) return true;
  return after.some(({ piece }) => piece?.before.startsWith(`${label} `));
}

/** The colour of a run, in which an error must not be hidden. */
export function toneOf({ faces, first }: Run): Tone {
  return faces.some(({ tone }) => tone === 'error') ? 'error' : first.face.tone;
}

/** The look of a run: what has begun and ended is whole; what was cut off stays so. */
export function lookOf({ faces, first, last }: Run): Look {
  const looks = new Set(faces.map(({ look }) => look));
  if (looks.size === 1) return first.face.look;
  if (looks.has('dashed')) return 'dashed';
  if (looks.has('solid') || (first.face.look === 'outline' && last.face.look === 'outline')) return 'solid';
  return 'tint';
}
