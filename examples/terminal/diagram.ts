import type { Drawing, Line } from '../../src/pictures/drawing.js';
import { toAscii, type AsciiOptions } from '../../src/pictures/toAscii.js';
import { printable } from './width.js';

/** A marble diagram as lines of text that are safe to show, whatever the model called its tools. */
export function diagramLines(drawing: Drawing, options: AsciiOptions): string[] {
  const rows = drawing.rows.map((row) => (row.kind === 'line' ? printableLine(row) : row));
  return toAscii({ ...drawing, rows }, options).split('\n');
}

function printableLine(line: Line): Line {
  const marbles = line.marbles.map((marble) => ({
    ...marble,
    faces: marble.faces.map((face) => ({ ...face, label: printable(face.label).replaceAll('\n', ' ') })),
  }));
  return { ...line, marbles };
}
