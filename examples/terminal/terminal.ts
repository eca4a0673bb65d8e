import type { WriteStream } from 'node:tty';
import { stripVTControlCharacters } from 'node:util';
import { defer, finalize, tap, type MonoTypeOperatorFunction } from 'rxjs';
import type { Frame } from './frame.js';
import { widthOf } from './width.js';

const ESC = '\x1b[';
const HIDE_CURSOR = `${ESC}?25l`;
const SHOW_CURSOR = `${ESC}?25h`;
/** A line that is wider than it was taken for must not push down the ones below. */
const CUT_LINES = `${ESC}?7l`;
const WRAP_LINES = `${ESC}?7h`;
const CLEAR_LINE = `${ESC}K`;
const CLEAR_BELOW = `${ESC}J`;

/** Whether pictures can be drawn in place here. */
export function isScreen(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): boolean {
  return stream.isTTY && env['TERM'] !== 'dumb';
}

/** Paints each frame over the one before. The cursor is back however it ends. */
export function paintOn(
  stream: Pick<WriteStream, 'columns' | 'rows' | 'write'>,
): MonoTypeOperatorFunction<Frame> {
  return (frames) =>
    defer(() => {
      let painted: readonly string[] = [];
      let columns = stream.columns;
      stream.write(HIDE_CURSOR);
      return frames.pipe(
        tap(({ settled, live }) => {
          const top = up(rowsOf(painted, stream.columns));
          const erase = columns === stream.columns ? '' : CLEAR_BELOW;
          columns = stream.columns;
          painted = fitting(live, stream.rows);
          const lines = [...settled, ...painted].map((line) => `${line}${CLEAR_LINE}\n`);
          stream.write(`${top}${erase}${CUT_LINES}${lines.join('')}${CLEAR_BELOW}${WRAP_LINES}`);
        }),
        finalize(() => stream.write(SHOW_CURSOR)),
      );
    });
}

/** Writes what is settled, and nothing twice: for pipes and files. */
export function printOn(stream: NodeJS.WritableStream): MonoTypeOperatorFunction<Frame> {
  return tap(({ settled }) => settled.forEach((line) => stream.write(`${line}\n`)));
}

function up(rows: number): string {
  return rows === 0 ? '' : `${ESC}${rows}A`;
}

/** The rows that painted lines take now: a window that became narrower has wrapped them. */
function rowsOf(lines: readonly string[], columns: number): number {
  return lines.reduce(
    (rows, line) => rows + Math.max(1, Math.ceil(widthOf(stripVTControlCharacters(line)) / columns)),
    0,
  );
}

/** The lower lines, where there are more than rows: what has left the screen cannot be painted over. */
function fitting(lines: readonly string[], rows: number): readonly string[] {
  return lines.slice(-Math.max(1, rows - 1));
}
