import {
  linesOf,
  timesOf,
  wordsOf,
  type Drawing,
  type End,
  type Line,
  type Marble,
  type Row,
} from './drawing.js';
import { endWidth, SIZE, sizeOf, stackSize, SUBSCRIBED, textWidth } from './measure.js';
import type { Theme } from './palette.js';
import {
  breakSvg,
  crossSvg,
  documentSvg,
  escape,
  operatorSvg,
  pillSvg,
  small,
  subscriptionSvg,
} from './shapes.js';
import { duration } from './timeAxis.js';

/** Draws a marble diagram: every marble in full, on an axis as long as they need. */
export function diagramSvg(drawing: Drawing, theme: Theme): string {
  const axis = layout(drawing);
  const boxes = drawing.rows.map((row) => (row.kind === 'operator' ? textWidth(row.text) + 40 : 0));
  const width = Math.round(
    Math.max(axis.right + SIZE.margin + 8, ...boxes.map((box) => box + 2 * SIZE.margin)),
  );
  const parts: string[] = [];
  let y: number = SIZE.margin;
  for (const row of drawing.rows) {
    const height = heightOf(row);
    parts.push(rowSvg(row, axis, { y, width, height }));
    y += height;
  }
  const height = Math.round(y + SIZE.margin - 4);
  return documentSvg({ width, height, title: drawing.title, words: wordsOf(drawing), theme }, parts);
}

/** Where a row may draw. */
interface Place {
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function heightOf(row: Row): number {
  if (row.kind === 'operator') return 52;
  if (row.kind === 'subscription') return 20;
  return Math.max(SIZE.pill, ...[...moments(row).values()].map((marbles) => stackSize(marbles).height)) + 12;
}

function rowSvg(row: Row, axis: Layout, place: Place): string {
  if (row.kind === 'line') return lineSvg(row, axis, place);
  const { y, width, height } = place;
  const middle = y + height / 2;
  if (row.kind === 'operator') return operatorSvg(row.text, y, width, height);
  const until = row.until === undefined ? axis.right : axis.endX(row.until);
  return [
    small('l', SIZE.margin, middle + 4, SUBSCRIBED),
    subscriptionSvg(axis.x(row.from), until, middle, row.until !== undefined),
  ].join('');
}

function lineSvg(line: Line, axis: Layout, { y, height }: Place): string {
  const middle = y + height / 2;
  const tall = stackSize(moments(line).get(line.until) ?? []).height;
  const end = line.end ? axis.endX(line.until) : axis.right + 4;
  const label = line.label === undefined ? '' : small('l', SIZE.margin, middle + 4, line.label);
  const path = `M${axis.left} ${middle}H${end}`;
  const tip = line.end ? '' : `<path class="tip" d="M${end} ${middle - 4}l8 4l-8 4z"/>`;
  const breaks = axis.breaks
    .filter(({ until }) => until <= line.until)
    .map(({ x, length }) => breakSvg(x, middle) + small('', x, middle - 9, duration(length)));
  const groups = [...moments(line)].map(([time, marbles]) => stackSvg(marbles, axis.x(time), middle));
  const last = line.end ? endSvg(line.end, end, middle, Math.max(SIZE.pill, tall)) : '';
  return [`${label}<path class="line" d="${path}"/>${tip}`, ...breaks, ...groups, last]
    .filter(Boolean)
    .join('\n');
}

function endSvg({ kind, label }: End, x: number, y: number, height: number): string {
  if (kind === 'complete') return `<path class="end" d="M${x} ${y - height / 2}v${height}"/>`;
  if (kind === 'unsubscribe')
    return `<path class="end" d="M${x} ${y - 4}v8"/>${small('l', x + 8, y + 4, 'unsubscribed')}`;
  return `<g class="error">${crossSvg(x, y)}<text class="word l" x="${x + 12}" y="${y + 4}">${escape(label ?? '')}</text></g>`;
}

/** Values of one moment, from the top down in the order in which they came. */
function stackSvg(marbles: readonly Marble[], x: number, middle: number): string {
  let y = middle - stackSize(marbles).height / 2;
  return marbles
    .map((marble) => {
      const svg = marbleSvg(marble, x, y);
      y += sizeOf(marble).height + SIZE.stackGap;
      return svg;
    })
    .join('\n');
}

function marbleSvg(marble: Marble, x: number, y: number): string {
  const { width, height } = sizeOf(marble);
  const padding = marble.framed ? SIZE.framePadding : 0;
  const frame = `<rect class="frame" x="${x - width / 2}" y="${y}" width="${width}" height="${height}" rx="8"/>`;
  const pills = marble.faces.map((face, nth) => {
    const top = y + padding + nth * (SIZE.pill + SIZE.stackGap);
    const place = { x: x - width / 2 + padding, y: top, width: width - 2 * padding };
    return pillSvg(face, { ...place, radius: marble.framed ? 5 : SIZE.pill / 2 });
  });
  return [...(marble.framed ? [frame] : []), ...pills].join('\n');
}

interface Break {
  readonly x: number;
  readonly until: number;
  readonly length: number;
}

/** Where every moment of a drawing stands from left to right, in px. */
interface Layout {
  /** Where lines begin, right of their labels. */
  readonly left: number;
  /** Where the longest line ends. */
  readonly right: number;
  /** The waits that are not drawn to scale. */
  readonly breaks: readonly Break[];
  readonly x: (time: number) => number;
  /** Where what ends at this moment has its end: right of the last marble, if one stands there. */
  readonly endX: (time: number) => number;
}

/**
 * Lays out time: one axis for all lines, to scale where there is room, stretched where neighbours would touch,
 * broken where nothing happens for long.
 */
function layout(drawing: Drawing): Layout {
  const lines = linesOf(drawing);
  const left =
    SIZE.margin + Math.max(0, ...labelsOf(drawing).map((label) => textWidth(label, SIZE.small) + 12));
  const [places, breaks] = place(lines, timesOf(drawing), left);
  const x = (time: number): number => places.get(time) ?? left;
  const endX = (time: number): number => x(time) + Math.max(0, ...lines.map((line) => endOffset(line, time)));
  return { left, right: Math.max(...lines.map((line) => edge(line, x))), breaks, x, endX };
}

/** Where a line ends with its last marble, the end stands right of it. */
function endOffset(line: Line, time: number): number {
  const marbles = moments(line).get(time);
  return line.end?.time === time && marbles ? stackSize(marbles).width / 2 + 8 : 0;
}

function labelsOf({ rows }: Drawing): string[] {
  return rows.flatMap((row) => {
    if (row.kind === 'subscription') return [SUBSCRIBED];
    return row.kind === 'line' && row.label !== undefined ? [row.label] : [];
  });
}

const MOMENTS = new WeakMap<Line, ReadonlyMap<number, readonly Marble[]>>();

/** The marbles of a line by their moment. Each moment of a picture asks for them. */
function moments(line: Line): ReadonlyMap<number, readonly Marble[]> {
  const known = MOMENTS.get(line);
  if (known !== undefined) return known;
  const groups = new Map<number, Marble[]>();
  for (const marble of line.marbles) {
    const group = groups.get(marble.time);
    if (group === undefined) groups.set(marble.time, [marble]);
    else group.push(marble);
  }
  MOMENTS.set(line, groups);
  return groups;
}

/** How far a line reaches to both sides of a moment. */
function reach(line: Line, time: number): { readonly before: number; readonly after: number } | undefined {
  const marbles = moments(line).get(time);
  const half = marbles ? stackSize(marbles).width / 2 : 0;
  if (line.end?.time === time) return { before: half, after: endOffset(line, time) + endWidth(line.end) };
  return marbles && { before: half, after: half };
}

function place(
  lines: readonly Line[],
  times: readonly number[],
  left: number,
): [Map<number, number>, Break[]] {
  const places = new Map<number, number>();
  const breaks: Break[] = [];
  const edges = lines.map(() => left);
  let [before, x] = [0, left];
  for (const time of times) {
    const wait = (time - before) * SIZE.frame;
    const reaches = lines.map((line) => reach(line, time));
    const free = reaches.map((here, nth) => (here ? (edges[nth] ?? left) + SIZE.gap + here.before : 0));
    const from = Math.max(x, ...edges);
    if (wait > SIZE.wait) {
      // The mark of a break crosses every line, so nothing may reach into it from either side.
      const widest = Math.max(0, ...reaches.map((here) => here?.before ?? 0));
      breaks.push({ x: Math.round(from + SIZE.break / 2), until: time, length: time - before });
      x = from + SIZE.break + widest;
    } else {
      x = Math.max(x + wait, ...free);
    }
    x = Math.round(x);
    places.set(time, x);
    reaches.forEach((here, nth) => here && (edges[nth] = x + here.after));
    before = time;
  }
  return [places, breaks];
}

function edge(line: Line, x: Layout['x']): number {
  const times = [...moments(line).keys(), line.until];
  return times.reduce((edge, time) => Math.max(edge, x(time) + (reach(line, time)?.after ?? 0)), -Infinity);
}
