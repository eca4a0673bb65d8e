import { endWords, linesOf, timesOf, type Drawing, type End, type Line } from './drawing.js';
import { lanesOf, type Lane } from './lanes.js';
import { PIXELS, SIZE, SUBSCRIBED, textWidth } from './measure.js';
import { toneClass, type Theme } from './palette.js';
import { pillsOf, type Pill } from './pills.js';
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
import { duration, elapsed, timeAxis, type TimeAxis } from './timeAxis.js';
import { shorten } from './visibleText.js';

/** Heights, in px. */
const ROW = {
  caption: 24,
  axis: 30,
  name: 16,
  lane: 40,
  end: 26,
  operator: 52,
  subscription: 20,
  label: 28,
} as const;

/** Less than this has no room for names beside the lanes. */
const ROOMY = 600;
const NARROWEST = 240;
const WIDEST_NAME = 168;

/** What every row of a chart is drawn on. */
interface Sheet {
  readonly width: number;
  readonly margin: number;
  /** Whether names stand above their lanes. */
  readonly isNarrow: boolean;
  /** Where the track begins, right of the names. */
  readonly left: number;
  readonly track: number;
  readonly axis: TimeAxis;
}

/** A part of the chart: its shapes, what they show, in words, and its height. */
type Part = readonly [svg: readonly string[], words: string, height: number];

/** Draws a drawing into a given width: each line as lanes, on one axis of time. */
export function chartSvg(drawing: Drawing, wanted: number, theme: Theme): string {
  const sheet = sheetOf(drawing, Math.max(NARROWEST, Math.floor(wanted)));
  const [title, caption, height] = captionPart(drawing, sheet);
  const top = SIZE.margin / 2 + height;
  const [shapes, words]: [string[], string[]] = [[], [caption]];
  let y = top + ROW.axis;
  for (const row of drawing.rows) {
    const [svg, said, height] = row.kind === 'line' ? linePart(row, sheet, y) : otherPart(row, sheet, y);
    for (const shape of svg) shapes.push(shape);
    if (said !== '') words.push(said);
    y += height;
  }
  const size = { width: sheet.width, height: y + SIZE.margin / 2 };
  return documentSvg({ ...size, title: drawing.title, words: words.join(' '), theme }, [
    ...title,
    ...axisSvg(sheet, top, y - top),
    ...shapes,
  ]);
}

function sheetOf(drawing: Drawing, width: number): Sheet {
  const isNarrow = width < ROOMY;
  const margin = isNarrow ? 12 : SIZE.margin;
  const names = linesOf(drawing).flatMap((line) =>
    lanesOf(line).map(({ name }) => textWidth(name, SIZE.small)),
  );
  const left = margin + (isNarrow ? 0 : Math.min(WIDEST_NAME, Math.max(0, ...names)) + 12);
  const track = width - margin - left;
  return { width, margin, isNarrow, left, track, axis: timeAxis(timesOf(drawing), track, PIXELS) };
}

/** The title and, beside it or below it, how much was seen in how long. */
function captionPart(drawing: Drawing, { width, margin }: Sheet): Part {
  const lines = linesOf(drawing);
  const count = flowing(drawing).reduce((sum, { marbles }) => sum + marbles.length, 0);
  const words = `${count} ${count === 1 ? 'event' : 'events'} in ${duration(Math.max(0, ...lines.map(({ until }) => until)))}`;
  const title = shorten(drawing.title, width - 2 * margin, (text) => textWidth(text));
  const isBeside = textWidth(title) + textWidth(words, SIZE.small) + 2 * margin + 24 <= width;
  const y = SIZE.margin / 2 + 16;
  const svg = [
    `<text class="l" x="${margin}" y="${y}">${escape(title)}</text>`,
    isBeside ? small('r', width - margin, y, words) : small('l', margin, y + 18, words),
  ];
  return [svg, `${words}.`, isBeside ? ROW.caption : ROW.caption + 18];
}

/** The lines above the first operator: what was seen, and not what was made of it. */
function flowing({ rows }: Drawing): Line[] {
  const first = rows.findIndex(({ kind }) => kind === 'operator');
  return linesOf({ title: '', rows: first === -1 ? rows : rows.slice(0, first) });
}

/** Times above the lanes, and lines from them down. */
function axisSvg({ left, track, axis }: Sheet, y: number, height: number): string[] {
  const base = y + ROW.axis - 8;
  const ticks = axis.ticks.map(
    ({ at, label }) =>
      `<path class="scale" d="M${left + at} ${base - 4}V${y + height}"/>${small('l', left + at, base - 8, label)}`,
  );
  const silences = axis.silences.map(({ left: from, right, label }) => {
    const middle = left + (from + right) / 2;
    const through = `<path class="scale silence" d="M${middle} ${base + 8}V${y + height}"/>`;
    return `${through}${breakSvg(middle, base)}${small('', middle, base - 8, label)}`;
  });
  return [`<path class="scale" d="M${left} ${base}h${track}"/>`, ...ticks, ...silences];
}

function linePart(line: Line, sheet: Sheet, y: number): Part {
  const svg: string[] = [];
  const words: string[] = [];
  let below = y;
  if (line.label !== undefined) {
    const label = shorten(line.label, sheet.width - 2 * sheet.margin, (text) => textWidth(text));
    svg.push(`<text class="l" x="${sheet.margin}" y="${below + 18}">${escape(label)}</text>`);
    words.push(`${line.label}:`);
    below += ROW.label;
  }
  for (const lane of lanesOf(line)) {
    const pills = pillsOf(lane, sheet.axis.at, sheet.track, PIXELS);
    svg.push(laneSvg(lane, pills, sheet, below));
    words.push(`${lane.name}: ${pills.map(({ label }) => label).join(', ')}.`);
    below += sheet.isNarrow ? ROW.lane + ROW.name : ROW.lane;
  }
  if (line.end) {
    svg.push(endSvg(line.end, sheet, below));
    words.push(`${endWords(line.end)} at ${elapsed(line.end.time)}.`);
    below += ROW.end;
  }
  return [svg, words.join(' '), below - y];
}

/** A name, the pills, and below them a tick for each moment, however many share a pill. */
function laneSvg(lane: Lane, pills: readonly Pill[], sheet: Sheet, y: number): string {
  const { left, margin, isNarrow, track, axis } = sheet;
  const top = isNarrow ? y + ROW.name : y;
  const room = isNarrow ? track : left - margin - 8;
  const name = small('l', margin, isNarrow ? y + 11 : top + 16, shorten(lane.name, room, smallWidth));
  const rug = top + SIZE.pill + 4;
  const places = [...new Set(lane.marks.map(({ time }) => left + axis.at(time)))];
  const ticks = places.map((x) => `M${x} ${rug}v5`).join('');
  const base = `M${places[0] ?? left} ${rug + 5}H${places.at(-1) ?? left}`;
  const shapes = pills.map((pill) => {
    const place = { x: left + pill.left, y: top, width: pill.right - pill.left, radius: SIZE.pill / 2 };
    return pillSvg(pill, place, tipOf(pill));
  });
  return [name, `<path class="rug ${toneClass(lane.key)}" d="${base}${ticks}"/>`, ...shapes].join('\n');
}

function tipOf({ label, count, from, until }: Pill): string {
  const times = count === 1 ? `at ${elapsed(from)}` : `from ${elapsed(from)} until ${elapsed(until)}`;
  return `${label} ${times}`;
}

/** A mark at its moment, with words on the side that has room. */
function endSvg(end: End, { left, track, axis }: Sheet, y: number): string {
  const x = left + axis.at(end.time);
  const isRight = x - left > track / 2;
  const room = (isRight ? x - left : left + track - x) - 14;
  const words = shorten(endWords(end), room, smallWidth);
  const at = isRight ? x - 12 : x + 12;
  const side = isRight ? 'r' : 'l';
  const middle = y + 8;
  if (end.kind === 'error') {
    const word = `<text class="word ${side}" x="${at}" y="${middle + 4}">${escape(words)}</text>`;
    return `<g class="error">${crossSvg(x, middle)}${word}</g>`;
  }
  const size = end.kind === 'complete' ? 9 : 5;
  return `<path class="end" d="M${x} ${middle - size}v${2 * size}"/>${small(side, at, middle + 4, words)}`;
}

function otherPart(row: Exclude<Drawing['rows'][number], Line>, sheet: Sheet, y: number): Part {
  const { width, margin, left, track, axis } = sheet;
  if (row.kind === 'operator') {
    const text = shorten(row.text, width - 2 * margin - 24, (words) => textWidth(words));
    const svg = operatorSvg(text, y, width, ROW.operator);
    return [[svg], `Through ${row.text}:`, ROW.operator];
  }
  const middle = y + ROW.subscription / 2;
  const until = row.until === undefined ? track : axis.at(row.until);
  const name = sheet.isNarrow
    ? ''
    : small('l', margin, middle + 4, shorten(SUBSCRIBED, left - margin, smallWidth));
  const path = subscriptionSvg(left + axis.at(row.from), left + until, middle, row.until !== undefined);
  return [[name + path], '', ROW.subscription];
}

function smallWidth(text: string): number {
  return textWidth(text, SIZE.small);
}
