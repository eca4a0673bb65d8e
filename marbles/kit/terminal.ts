import { linesOf, timesOf, type Drawing, type Face, type Line, type Look, type Tone } from './drawing.js';

/** How a drawing is written for a terminal. */
export interface TerminalOptions {
  /** Columns. Default 100. */
  readonly width?: number;
  /** Whether to colour by ANSI escapes. Default false. */
  readonly color?: boolean;
}

const NAME_WIDTH = 22;
const COUNT_WIDTH = 6;

/**
 * Writes a drawing for a terminal: each line as lanes, one for each block and one for each other kind of event,
 * with how many marbles are in it. Long waits are shortened; the times below tell how long they were.
 */
export function toText(drawing: Drawing, { width = 100, color = false }: TerminalOptions = {}): string {
  const columns = Math.max(20, width - NAME_WIDTH - COUNT_WIDTH);
  const column = columnsOf(timesOf(drawing), columns);
  const rows = drawing.rows.flatMap((row) => {
    if (row.kind === 'operator') return [boxed(row.text, width)];
    return row.kind === 'line' ? lineRows(row, column, columns, color) : [];
  });
  return [drawing.title, ...rows, timesRow(drawing, column, columns), '', legend(drawing), ''].join('\n');
}

type Column = (time: number) => number;

/** Nearly all waits are to scale; the few longest count no more than three times the longest of those. */
function columnsOf(times: readonly number[], columns: number): Column {
  const waits = times.slice(1).map((time, nth) => time - (times[nth] ?? 0));
  const ordinary = [...waits].sort((a, b) => a - b)[Math.floor(waits.length * 0.9)] ?? 0;
  const places = new Map<number, number>([[times[0] ?? 0, 0]]);
  let sum = 0;
  waits.forEach((wait, nth) => {
    sum += Math.min(wait, ordinary * 3);
    places.set(times[nth + 1] ?? 0, sum);
  });
  return (time) => Math.round(((places.get(time) ?? 0) / (sum || 1)) * (columns - 1));
}

interface Mark {
  readonly at: number;
  readonly face: Face;
}

function lineRows(line: Line, column: Column, columns: number, color: boolean): string[] {
  const lanes = new Map<Tone, Mark[]>();
  for (const { time, faces } of line.marbles) {
    for (const face of faces) {
      const marks = lanes.get(face.tone) ?? [];
      marks.push({ at: column(time), face });
      lanes.set(face.tone, marks);
    }
  }
  const names = [...lanes].sort(([a], [b]) => rank(a) - rank(b));
  const rows = names.map(([tone, marks]) => laneRow(tone, marks, columns, color));
  const end = line.end && endRow(line.end, column(line.end.time));
  return [...(line.label === undefined ? [] : [line.label]), ...rows, ...(end === undefined ? [] : [end])];
}

function rank(tone: Tone): number {
  return typeof tone === 'number' ? tone : tone === 'message' ? -1 : Infinity;
}

function laneRow(tone: Tone, marks: readonly Mark[], columns: number, color: boolean): string {
  const cells = Array.from({ length: columns }, () => ' ');
  const places = marks.map(({ at }) => at);
  cells.fill('─', Math.min(...places), Math.max(...places));
  for (const at of new Set(places)) cells[at] = symbolOf(marks.filter((mark) => mark.at === at));
  const name = `  ${laneName(tone, marks)}`.padEnd(NAME_WIDTH).slice(0, NAME_WIDTH - 1);
  const count = String(marks.length).padStart(COUNT_WIDTH);
  return `${color ? painted(`${name} ${cells.join('')}`, tone) : `${name} ${cells.join('')}`}${count}`;
}

function laneName(tone: Tone, marks: readonly Mark[]): string {
  const first = marks[0]?.face.label ?? '';
  return typeof tone === 'number' ? `${tone} ${first.replace(/ ["{].*/, '')}` : tone;
}

/** What a cell shows of its marbles: that something is whole, cut off, begins or ends; else how much grows. */
function symbolOf(marks: readonly Mark[]): string {
  const looks = new Set(marks.map(({ face }) => face.look));
  if (looks.has('solid')) return SYMBOLS.solid;
  if (looks.has('dashed')) return SYMBOLS.dashed;
  if (looks.has('outline')) return SYMBOLS.outline;
  if (marks.length === 1) return SYMBOLS.tint;
  return marks.length < 5 ? '▪' : '█';
}

const SYMBOLS: Readonly<Record<Look, string>> = { outline: '○', tint: '•', solid: '●', dashed: '×' };

/** The words stand left of the mark. */
function endRow({ kind, label }: NonNullable<Line['end']>, at: number): string {
  const words = { complete: 'completes │', error: `${label ?? 'fails'} ✕`, unsubscribe: 'unsubscribed ┤' }[
    kind
  ];
  return words.padStart(NAME_WIDTH + at + 1);
}

function boxed(text: string, width: number): string {
  return `── ${text} ${'─'.repeat(Math.max(0, width - text.length - 4))}`;
}

function timesRow(drawing: Drawing, column: Column, columns: number): string {
  let row = '';
  for (const time of timesOf(drawing)) {
    const at = column(time);
    const words = spoken(time);
    if ((at === 0 || at >= row.length + 2) && at + words.length <= columns) row = row.padEnd(at) + words;
  }
  return ' '.repeat(NAME_WIDTH) + row;
}

function spoken(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

const MEANINGS: readonly (readonly [Look, string])[] = [
  ['outline', 'begins or ends'],
  ['tint', 'grows (▪ █ more at once)'],
  ['solid', 'is whole'],
  ['dashed', 'is cut off, or unknown'],
];

function legend(drawing: Drawing): string {
  const used = new Set(
    linesOf(drawing).flatMap(({ marbles }) => marbles.flatMap(({ faces }) => faces.map(({ look }) => look))),
  );
  return MEANINGS.filter(([look]) => used.has(look))
    .map(([look, meaning]) => `${SYMBOLS[look]} ${meaning}`)
    .join('   ');
}

const BLOCK_INKS = [39, 214, 43, 175, 227];
const INKS: Readonly<Record<Exclude<Tone, number>, number>> = {
  message: 250,
  ping: 244,
  error: 208,
  unknown: 244,
  value: 39,
};

/** In the 256 colours of ANSI terminals, near those of the pictures. */
function painted(text: string, tone: Tone): string {
  const ink = typeof tone === 'number' ? (BLOCK_INKS[tone % BLOCK_INKS.length] ?? 39) : INKS[tone];
  return `\u001b[38;5;${ink}m${text}\u001b[0m`;
}
