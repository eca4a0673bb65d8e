import { wordsOf, type Drawing, type End, type Line, type Marble, type Row } from './drawing.js';
import { layout, moments, type Break, type Layout } from './layout.js';
import { SIZE, sizeOf, stackSize, SUBSCRIBED, textWidth } from './measure.js';
import type { Theme } from './palette.js';
import { crossSvg, documentSvg, escape, operatorSvg, pillSvg, small, subscriptionSvg } from './shapes.js';
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
  const tip = line.end ? '' : tipSvg(end, middle);
  const breaks = axis.breaks.filter(({ until }) => until <= line.until).map((gap) => breakSvg(gap, middle));
  const groups = [...moments(line)].map(([time, marbles]) => stackSvg(marbles, axis.x(time), middle));
  const last = line.end ? endSvg(line.end, end, middle, Math.max(SIZE.pill, tall)) : '';
  return [`${label}<path class="line" d="${path}"/>${tip}`, ...breaks, ...groups, last]
    .filter(Boolean)
    .join('\n');
}

function tipSvg(x: number, y: number): string {
  return `<path class="tip" d="M${x} ${y - 4}l8 4l-8 4z"/>`;
}

function breakSvg({ x, from, until }: Break, y: number): string {
  const gap = `<rect class="gap" x="${x - 4}" y="${y - 3}" width="8" height="6"/>`;
  const strokes = `<path class="line" d="M${x - 6} ${y + 5}l4 -10M${x + 2} ${y + 5}l4 -10"/>`;
  return `${gap}${strokes}${small('', x, y - 9, duration(until - from))}`;
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
