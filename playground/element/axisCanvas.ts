import type { Measures } from '../model/measures.js';
import { ticksOf } from '../model/scale.js';
import { prepared, type View } from './rowCanvas.js';

const FONT = "11px ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace";
/** Between two times that are written, in px. */
const APART = 74;
const HEIGHT = 42;

/** Draws the axis of time: times, silences that are shortened, the first content and the longest waits. */
export function drawAxis(canvas: HTMLCanvasElement, { firstOutput, gaps }: Measures, view: View): void {
  const context = prepared(canvas, view.width, HEIGHT);
  if (!context) return;
  const { scale, left, width, palette } = view;
  context.font = FONT;
  context.textBaseline = 'middle';
  context.lineWidth = 1;
  for (const { from, to, ms } of scale.silences) {
    if (to < left || from > left + width) continue;
    const middle = (from + to) / 2 - left;
    context.strokeStyle = palette.soft;
    context.setLineDash([1, 3]);
    line(context, from - left + 4, 10, to - left - 4, 10);
    context.setLineDash([]);
    words(context, timeWords(ms), middle, 10, palette.soft, palette.paper);
  }
  drawTimes(context, view);
  const accent = palette.ink4(2);
  for (const { from, to } of gaps.slice(0, 1)) {
    context.strokeStyle = accent;
    context.lineWidth = 2;
    line(context, scale.x(from) - left, 20, scale.x(to) - left, 20);
  }
  if (firstOutput === undefined) return;
  const x = scale.x(firstOutput) - left;
  context.fillStyle = palette.ink4(0);
  context.beginPath();
  context.moveTo(x - 5, 15);
  context.lineTo(x + 5, 15);
  context.lineTo(x, 23);
  context.fill();
}

function drawTimes(context: CanvasRenderingContext2D, { scale, left, width, palette }: View): void {
  context.fillStyle = palette.soft;
  context.strokeStyle = palette.line;
  line(context, 0, 26, width, 26);
  context.textAlign = 'left';
  for (const { x, ms } of ticksOf(scale, left, left + width, APART)) {
    line(context, x - left, 26, x - left, 30);
    context.fillText(exactWords(ms), x - left - 2, 36);
  }
}

function line(context: CanvasRenderingContext2D, x: number, y: number, toX: number, toY: number): void {
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(toX, toY);
  context.stroke();
}

function words(
  context: CanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  ink: string,
  paper: string,
): void {
  const { width } = context.measureText(text);
  context.fillStyle = paper;
  context.fillRect(x - width / 2 - 4, y - 7, width + 8, 14);
  context.fillStyle = ink;
  context.textAlign = 'center';
  context.fillText(text, x, y);
  context.textAlign = 'left';
}

/** A time that a tick stands at: whole ms, of which none is left out. */
function exactWords(ms: number): string {
  if (ms < 60_000) return ms < 1_000 ? `${ms} ms` : `${ms / 1_000} s`;
  const seconds = (ms % 60_000) / 1_000;
  return `${Math.floor(ms / 60_000)}:${seconds < 10 ? '0' : ''}${seconds} min`;
}

/** A time as people read it. */
export function timeWords(ms: number): string {
  if (ms < 1_000) return `${Number(ms.toFixed(ms < 10 && !Number.isInteger(ms) ? 1 : 0))} ms`;
  if (ms < 60_000) return `${Number((ms / 1_000).toFixed(2))} s`;
  return `${Number((ms / 60_000).toFixed(1))} min`;
}
