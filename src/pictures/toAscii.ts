import type { Recording } from '../testing/recordings/recording.js';
import {
  endWords,
  linesOf,
  timesOf,
  type Drawing,
  type End,
  type Line,
  type Look,
  type Tone,
} from './drawing.js';
import { lanesOf, type Lane } from './lanes.js';
import { COLUMNS, columnsOf } from './measure.js';
import { painted } from './palette.js';
import { recordedDrawing } from './recordedDrawing.js';
import { pillsOf, type Pill } from './pills.js';
import { timeAxis, type TimeAxis } from './timeAxis.js';
import { shorten, visible } from './visibleText.js';

/** Options of {@link toAscii}. */
export interface AsciiOptions {
  /** In columns, 40 at least. Default 100. */
  readonly width?: number | undefined;
  /** Whether to colour by ANSI escapes. Default false. */
  readonly color?: boolean | undefined;
  /** What is drawn, in a line. Default: the title of the drawing, or the name of the recording. */
  readonly title?: string | undefined;
}

const NARROWEST = 40;
/** The names left of the lanes take at most this many columns, and at most this part of the width. */
const WIDEST_NAME = 24;
const NAMES_SHARE = 0.25;

/**
 * Draws a recorded stream, or any drawing, for a terminal: each line as lanes, one for each block and one for the
 * message, on an axis of time. Deltas that would touch are shown as one, with their count. A silence that would leave no
 * room for the rest is shortened, and the times below say how long it is.
 *
 * ```text
 * hello
 *   message                       ○ message msg_1                     ● tool_use · messa… ×2
 *   0 text                           ○ text • text "Let… ×3  ○ stop
 *   1 tool get_weather                              • tool get_weather {"city":"T… ×4 ○ stop
 *                                                                                completes │
 *                        ~380 ms~ 380 ms                   ~2.4 s~ 2.92 s        3 s
 *
 * ○ begins or ends   • grows   ● is whole   ×2 two in one
 * ```
 *
 * No line is wider than asked for, where a terminal draws letters as Unicode says. Whatever a model said cannot command
 * the terminal: control characters are made visible.
 *
 * @param picture - what `record` gave, a parsed file, or a drawing
 * @param options - `width`, `color` and `title`
 * @returns lines, each ended by LF
 * @see toSvg
 */
export function toAscii(
  picture: Recording | Drawing,
  { width: wanted = 100, color = false, title }: AsciiOptions = {},
): string {
  const drawing = 'entries' in picture ? recordedDrawing(picture, title) : picture;
  const width = Math.max(NARROWEST, Math.floor(wanted));
  const sheet = sheetOf(drawing, width, color);
  const rows = drawing.rows.flatMap((row) => {
    if (row.kind === 'operator') return [boxed(row.text, width)];
    return row.kind === 'line' ? lineRows(row, sheet) : [];
  });
  const head = shorten(visible(title ?? drawing.title), width, columnsOf);
  return `${[head, ...rows, timesRow(sheet), '', ...legend(drawing, width)].join('\n')}\n`;
}

/** What every row is written on. */
interface Sheet {
  readonly width: number;
  readonly color: boolean;
  /** Columns of the names, with the space that follows. */
  readonly left: number;
  readonly track: number;
  readonly axis: TimeAxis;
}

function sheetOf(drawing: Drawing, width: number, color: boolean): Sheet {
  const names = linesOf(drawing).flatMap((line) => lanesOf(line).map(({ name }) => columnsOf(visible(name))));
  const most = Math.min(WIDEST_NAME, Math.floor(width * NAMES_SHARE));
  const left = Math.min(most, Math.max(0, ...names)) + 4;
  const track = width - left;
  return { width, color, left, track, axis: timeAxis(timesOf(drawing), track, COLUMNS) };
}

function lineRows(line: Line, sheet: Sheet): string[] {
  const label = line.label === undefined ? [] : [shorten(visible(line.label), sheet.width, columnsOf)];
  const lanes = lanesOf(line).map((lane) => laneRow(lane, sheet));
  return [...label, ...lanes, ...(line.end ? [endRow(line.end, sheet)] : [])];
}

function laneRow(lane: Lane, { left, track, axis, color }: Sheet): string {
  const paint = (text: string, tone: Tone): string => (color ? painted(text, tone) : text);
  const name = shorten(visible(lane.name), left - 4, columnsOf);
  let row = paint(padded(`  ${name}`, left), lane.key);
  let column = 0;
  for (const pill of pillsOf(lane, axis.at, track, COLUMNS)) {
    const text = pillText(pill);
    row += ' '.repeat(Math.max(0, pill.left - column)) + paint(text, pill.tone);
    column = pill.left + columnsOf(text);
  }
  return row.trimEnd();
}

/** What it looks like, what it says, and a line until its last moment. */
function pillText({ label, look, left, right }: Pill): string {
  const words = `${LOOKS[look][0]} ${visible(label)}`;
  const rest = right - left - columnsOf(words);
  return rest > 1 ? `${words} ${'─'.repeat(rest - 1)}` : words;
}

const LOOKS: Readonly<Record<Look, readonly [symbol: string, meaning: string]>> = {
  outline: ['○', 'begins or ends'],
  tint: ['•', 'grows'],
  solid: ['●', 'is whole'],
  dashed: ['◌', 'is cut off, or unknown'],
};

/** The words stand on the side of the mark that has room. */
function endRow({ kind, label, time }: End, { left, track, axis, color }: Sheet): string {
  const column = Math.min(axis.at(time), track - 1);
  const mark = { complete: '│', error: '✕', unsubscribe: '┤' }[kind];
  const isRight = column >= track / 2;
  const words = shorten(
    visible(label ?? endWords({ kind, time })),
    (isRight ? column : track - column) - 2,
    columnsOf,
  );
  const text = isRight ? `${words} ${mark}` : `${mark} ${words}`;
  const start = left + (isRight ? column + 1 - columnsOf(text) : column);
  return ' '.repeat(Math.max(0, start)) + (color && kind === 'error' ? painted(text, 'error') : text);
}

function boxed(text: string, width: number): string {
  const words = shorten(visible(text), width - 6, columnsOf);
  return `── ${words} ${'─'.repeat(Math.max(0, width - columnsOf(words) - 4))}`;
}

function timesRow({ left, axis }: Sheet): string {
  const silences = axis.silences.map(({ left: at, label }) => ({ at: at + 1, label: `~${label}~` }));
  const marks = [...axis.ticks, ...silences].sort((a, b) => a.at - b.at);
  const row = marks.reduce((row, { at, label }) => padded(row, left + at) + label, '');
  return row.trimEnd();
}

function padded(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - columnsOf(text)));
}

const TWO = ['×2', 'two in one'] as const;

/** What the symbols in use mean, on as many lines as that needs. */
function legend(drawing: Drawing, width: number): string[] {
  const faces = linesOf(drawing).flatMap(({ marbles }) => marbles.flatMap((marble) => marble.faces));
  const used = new Set<string>(faces.map(({ look }) => look));
  const looks = Object.entries(LOOKS).filter(([look]) => used.has(look));
  const lines: string[] = [];
  for (const [symbol, meaning] of looks.length === 0 ? [] : [...looks.map(([, row]) => row), TWO]) {
    const words = `${symbol} ${meaning}`;
    const longer = lines.length === 0 ? words : `${lines.at(-1)}   ${words}`;
    if (columnsOf(longer) <= width) lines.splice(-1, 1, longer);
    else lines.push(words);
  }
  return lines;
}
