import type { Drawing, Line } from '../../marbles/kit/drawing.js';
import { toText, type TerminalOptions } from '../../marbles/kit/terminal.js';
import { printable } from './width.js';

/** A marble diagram as lines of text that are safe to show, whatever the model called its tools. */
export function diagramLines(drawing: Drawing, options: TerminalOptions): string[] {
  const rows = drawing.rows.map((row) => (row.kind === 'line' ? printableLine(row) : row));
  return toText({ ...drawing, rows }, options).split('\n');
}

function printableLine(line: Line): Line {
  const marbles = line.marbles.map((marble) => ({
    ...marble,
    faces: marble.faces.map((face) => ({ ...face, label: printable(face.label).replaceAll('\n', ' ') })),
  }));
  return { ...line, marbles };
}
