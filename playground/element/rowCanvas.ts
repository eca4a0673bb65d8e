import type { Face } from '../../src/pictures/drawing.js';
import { firstAfter, type TimeScale } from '../model/scale.js';
import type { Palette } from './colours.js';

/** What a marble of a row looks like. */
export interface Look {
  readonly face: Face;
  /** The numbers of the objects that it is made of, each of which is drawn in its colour. */
  readonly parts?: readonly number[];
}

/** A row as it is drawn. */
export interface DrawnRow {
  readonly times: readonly number[];
  lookOf(nth: number): Look;
  readonly end:
    | { readonly at: number; readonly kind: 'complete' | 'error' | 'unsubscribe'; readonly word?: string }
    | undefined;
}

/** Where a row is looked at. */
export interface View {
  readonly scale: TimeScale;
  /** How far it is scrolled, in px. */
  readonly left: number;
  readonly width: number;
  readonly palette: Palette;
  readonly selected: number | undefined;
}

const FONT = "12px ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace";
const HEIGHT = 20;
const SMALLEST = 7;
/** No label is longer, in px. */
const LONGEST = 150;
/** So far behind its time a row ends, in px. */
const AFTER = 12;
/** Values of the same ms stand so far apart. */
const BESIDE = 9;

/** A canvas of the right size for the screen. */
export function prepared(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
): CanvasRenderingContext2D | undefined {
  const ratio = window.devicePixelRatio || 1;
  const [pixelWidth, pixelHeight] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== pixelWidth || canvas.height !== pixelHeight) {
    canvas.width = pixelWidth;
    canvas.height = pixelHeight;
  }
  const context = canvas.getContext('2d') ?? undefined;
  context?.setTransform(ratio, 0, 0, ratio, 0, 0);
  context?.clearRect(0, 0, width, height);
  return context;
}

/** Draws what of a row is in view. */
export function drawRow(canvas: HTMLCanvasElement, row: DrawnRow, view: View): void {
  const height = 34;
  const context = prepared(canvas, view.width, height);
  if (!context) return;
  const middle = height / 2;
  drawLine(context, row, view, middle);
  context.font = FONT;
  context.textBaseline = 'middle';
  const { times } = row;
  const first = Math.max(0, firstAfter(times, view.scale.time(view.left - LONGEST)) - 1);
  let drawn = -Infinity;
  let right = -Infinity;
  let chosen: (() => void) | undefined;
  for (let nth = first; nth < times.length; nth++) {
    const x = placeOf(row, nth, view);
    if (x > view.width + HEIGHT) break;
    const isSelected = nth === view.selected;
    // What would cover another is not drawn twice.
    if (x - drawn < 1.5 && !isSelected) continue;
    drawn = x;
    const room = Math.min(LONGEST, (nth + 1 < times.length ? placeOf(row, nth + 1, view) : Infinity) - x - 4);
    const draw = (): void => {
      right = Math.max(
        right,
        drawMarble(context, row.lookOf(nth), { x, middle, room, isSelected }, view.palette),
      );
    };
    if (isSelected) chosen = draw;
    else draw();
  }
  chosen?.();
  drawEnd(context, row, view, { middle, right });
}

/** Where the left of a marble is drawn, in px of what is seen. */
export function placeOf(
  { times }: DrawnRow,
  nth: number,
  { scale, left }: Pick<View, 'scale' | 'left'>,
): number {
  const time = times[nth] ?? 0;
  let before = 0;
  while (before < 6 && times[nth - before - 1] === time) before++;
  return scale.x(time) - left + before * BESIDE;
}

function drawLine(context: CanvasRenderingContext2D, { end }: DrawnRow, view: View, middle: number): void {
  const { scale, left, width, palette } = view;
  const until = end ? scale.x(end.at) - left + AFTER : width;
  context.strokeStyle = palette.line;
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(Math.max(0, scale.x(0) - left - 8), middle);
  context.lineTo(Math.min(width, until), middle);
  context.stroke();
}

/** How a row ends: behind its last marble, which may be wider than the time that is left. */
function drawEnd(
  context: CanvasRenderingContext2D,
  { end }: DrawnRow,
  { scale, left, width, palette }: View,
  { middle, right }: { readonly middle: number; readonly right: number },
): void {
  if (!end) return;
  const until = Math.max(scale.x(end.at) - left + AFTER, right + BESIDE);
  if (until < -20 || until > width + 20) return;
  context.lineWidth = 2.5;
  context.strokeStyle = end.kind === 'error' ? palette.ink4('error') : palette.soft;
  context.beginPath();
  if (end.kind === 'error') {
    context.moveTo(until - 5, middle - 6);
    context.lineTo(until + 5, middle + 6);
    context.moveTo(until + 5, middle - 6);
    context.lineTo(until - 5, middle + 6);
  } else {
    context.setLineDash(end.kind === 'unsubscribe' ? [2, 3] : []);
    context.moveTo(until, middle - 9);
    context.lineTo(until, middle + 9);
  }
  context.stroke();
  context.setLineDash([]);
  if (end.word === undefined) return;
  context.font = FONT;
  context.textBaseline = 'middle';
  context.fillStyle = context.strokeStyle;
  context.fillText(end.word, until + 11, middle);
}

interface Place {
  readonly x: number;
  readonly middle: number;
  readonly room: number;
  readonly isSelected: boolean;
}

/** @returns where it ends */
function drawMarble(
  context: CanvasRenderingContext2D,
  { face, parts = [] }: Look,
  { x, middle, room, isSelected }: Place,
  palette: Palette,
): number {
  const colour = palette.ink4(face.tone);
  const label = room > 22 ? clipped(context, face.label, room - 12) : '';
  const width = Math.max(
    SMALLEST,
    Math.min(room, label === '' ? HEIGHT * 0.7 : widthOf(context, label) + 12),
  );
  const height = width < 12 ? 14 : HEIGHT;
  const top = middle - height / 2;
  context.beginPath();
  context.roundRect(x, top, width, height, Math.min(6, width / 2));
  context.fillStyle = palette.paper;
  context.fill();
  context.fillStyle = colour;
  context.globalAlpha =
    face.look === 'solid' ? 1 : face.look === 'tint' ? palette.wash : label === '' ? 0.1 : 0;
  context.fill();
  context.globalAlpha = 1;
  context.strokeStyle = isSelected ? palette.focus : colour;
  context.lineWidth = isSelected ? 3 : 1.25;
  context.setLineDash(face.look === 'dashed' && !isSelected ? [3, 2] : []);
  context.stroke();
  context.setLineDash([]);
  drawParts(context, parts, { x, width, bottom: top + height }, palette);
  if (label === '') return x + width;
  context.fillStyle = face.look === 'solid' ? palette.paper : palette.ink;
  context.fillText(label, x + 6, middle + 0.5 - (parts.length > 0 ? 1.5 : 0));
  return x + width;
}

/** One piece of the lower edge for each object that a snapshot is made of. */
function drawParts(
  context: CanvasRenderingContext2D,
  parts: readonly number[],
  { x, width, bottom }: { readonly x: number; readonly width: number; readonly bottom: number },
  palette: Palette,
): void {
  const each = (width - 4) / parts.length;
  for (const [nth, number] of parts.entries()) {
    context.fillStyle = palette.own(number);
    context.fillRect(x + 2 + nth * each, bottom - 5, Math.max(1, each - 1), 4);
  }
}

function clipped(context: CanvasRenderingContext2D, label: string, room: number): string {
  const text = label.length > 40 ? label.slice(0, 40) : label;
  if (widthOf(context, text) <= room) return text;
  const each = widthOf(context, 'm');
  const count = Math.floor(room / each) - 1;
  return count < 1 ? '' : `${text.slice(0, count)}…`;
}

/** So many widths are kept. */
const MOST_WIDTHS = 4_000;
const widths = new Map<string, number>();

/** How wide a label is. Most of them were drawn before. */
function widthOf(context: CanvasRenderingContext2D, label: string): number {
  const known = widths.get(label);
  if (known !== undefined) return known;
  if (widths.size >= MOST_WIDTHS) widths.clear();
  const { width } = context.measureText(label);
  widths.set(label, width);
  return width;
}
