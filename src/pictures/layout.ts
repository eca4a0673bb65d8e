import { linesOf, timesOf, type Drawing, type Line, type Marble } from './drawing.js';
import { endWidth, SIZE, stackSize, SUBSCRIBED, textWidth } from './measure.js';

/** A wait that is not drawn to scale: where its mark stands, and how long it is. */
export interface Break {
  readonly x: number;
  readonly from: number;
  readonly until: number;
}

/** Where every moment of a drawing stands from left to right, in px. */
export interface Layout {
  /** Where lines begin, right of their labels. */
  readonly left: number;
  /** Where the longest line ends. */
  readonly right: number;
  readonly breaks: readonly Break[];
  readonly x: (time: number) => number;
  /** Where what ends at this moment has its end: right of the last marble, if one stands there. */
  readonly endX: (time: number) => number;
}

/**
 * Lays out time: one axis for all lines, to scale where there is room, stretched where neighbours would touch,
 * broken where nothing happens for long.
 */
export function layout(drawing: Drawing): Layout {
  const lines = linesOf(drawing);
  const left =
    SIZE.margin + Math.max(0, ...labelsOf(drawing).map((label) => textWidth(label, SIZE.small) + 12));
  const [places, breaks] = place(lines, timesOf(drawing), left);
  const x = (time: number): number => at(places, time);
  const endX = (time: number): number => x(time) + Math.max(0, ...lines.map((line) => endOffset(line, time)));
  return { left, right: Math.max(...lines.map((line) => edge(line, places))), breaks, x, endX };
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

/** The marbles of a line by their moment. */
export function moments({ marbles }: Line): Map<number, Marble[]> {
  const groups = new Map<number, Marble[]>();
  for (const marble of marbles) groups.set(marble.time, [...(groups.get(marble.time) ?? []), marble]);
  return groups;
}

/** How far a line reaches to both sides of a moment. */
interface Reach {
  readonly before: number;
  readonly after: number;
}

function reach(line: Line, time: number): Reach | undefined {
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
      breaks.push({ x: Math.round(from + SIZE.break / 2), from: before, until: time });
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

function at(places: ReadonlyMap<number, number>, time: number): number {
  const x = places.get(time);
  if (x === undefined) throw new Error(`Nothing happens at ${time} ms in this drawing`);
  return x;
}

function edge(line: Line, places: ReadonlyMap<number, number>): number {
  const times = [...moments(line).keys(), line.until];
  return Math.max(...times.map((time) => at(places, time) + (reach(line, time)?.after ?? 0)));
}
