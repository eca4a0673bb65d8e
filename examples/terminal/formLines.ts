import { styleText } from 'node:util';
import { bold, type Colour } from './colours.js';
import type { Form, FormLine } from './form.js';
import { clip, printable, widthOf, wrap } from './width.js';

/** Columns and rows. */
export interface Room {
  readonly width: number;
  readonly height: number;
}

/** How a form is shown. */
export interface FormStyle {
  /** Of the names. */
  readonly colour: Colour;
  /** Whether it still grows. */
  readonly isGrowing: boolean;
}

const CURSOR = '▌';

/** In columns: a string that has less room beside its name stands below it. */
const NARROW = 16;

/** Only so much of a string is looked at while it grows, or twice as much. In UTF-16 units. */
const STRETCH = 8192;

/**
 * The lower part of a form, from its end upwards as far as there is room.
 *
 * @returns no more lines than the room has, but at least two
 */
export function formLines(form: Form | undefined, { width, height }: Room, style: FormStyle): string[] {
  const room = Math.max(2, height);
  const groups: string[][] = [];
  let rows = 0;
  let above = form;
  for (; above !== undefined && rows <= room; above = above.above) {
    const group = layOut(above.line, width, style, style.isGrowing && above === form);
    groups.push(group);
    rows += group.length;
  }
  const lines = groups.reverse().flat();
  if (rows <= room) return lines;
  return [styleText('dim', clip('⋮ more above', width)), ...lines.slice(1 - room)];
}

/** A line of a form: its value beside its name, or below where it has lines of its own or not enough room. */
function layOut(
  line: FormLine,
  width: number,
  { colour, isGrowing }: FormStyle,
  hasCursor: boolean,
): string[] {
  const margin = ' '.repeat(Math.min(2 * line.indent, Math.floor(width / 2)));
  const label = clip(
    printable(line.label).replaceAll('\n', ' '),
    Math.floor((width - margin.length) / 2) - 1,
  );
  const name = label === '' ? margin : `${margin}${styleText(colour, label)} `;
  const hang = label === '' ? margin.length : margin.length + widthOf(label) + 1;
  const value = valueOf(line, isGrowing, hasCursor) + (hasCursor ? CURSOR : '');
  if (line.kind === 'string' && label !== '' && (value.includes('\n') || width - hang < NARROW)) {
    return [name, ...wrap(value, width - margin.length - 2).map((text) => `${margin}  ${text}`)];
  }
  return wrap(value, width - hang).map((text, nth) => {
    return (nth === 0 ? name : ' '.repeat(hang)) + (line.kind === 'string' ? text : bold(text));
  });
}

/** The value as text: an empty one shows as such when it is certain that it stays empty. */
function valueOf({ kind, text }: FormLine, isGrowing: boolean, hasCursor: boolean): string {
  switch (kind) {
    case 'literal':
      return text;
    case 'container':
      return hasCursor ? '' : text;
    case 'string':
      if (text === '') return hasCursor ? '' : '""';
      return printable(isGrowing ? lastOf(text) : text);
  }
}

/** The end of a text, from a place that seldom moves: or all its lines would break anew with each letter. */
function lastOf(text: string): string {
  const start = (Math.floor(text.length / STRETCH) - 1) * STRETCH;
  return start > 0 ? `…${text.slice(start)}` : text;
}
