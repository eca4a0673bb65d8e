import { valueOf, type Letters } from '../../src/testing/letters/letters.js';
import { span, timeline } from '../../src/testing/letters/notation.js';
import type { Drawing, End, Line, Marble, Row } from '../../src/pictures/drawing.js';
import { nameOf, wear } from '../../src/pictures/wear.js';
import type { Runnable } from './run.js';
import { staircase } from './staircase.js';

/** What a picture says beyond its drawing. */
export interface Captions {
  /** What the lines carry, from the top. */
  readonly flows?: readonly string[];
  /** What a marble says, by its letter. */
  readonly labels?: Readonly<Record<string, string>>;
}

/**
 * The neutral model of a drawing: every letter dressed in what it means.
 *
 * @param title - what is drawn
 * @param runnable - the drawing, as it is run
 * @param captions - words for lines and marbles
 * @throws Error naming a letter without a value
 */
export function drawingOf(
  title: string,
  { drawing, letters, errors }: Runnable,
  { flows = [], labels = {} }: Captions = {},
): Drawing {
  const { source, steps } = staircase(drawing);
  const line = (row: string, nth: number, error: unknown, unsubscribe?: string): Line => {
    const end = endOf(row, error, unsubscribe);
    const marbles = marblesOf(row, letters, labels);
    const label = flows[nth];
    const until = end?.time ?? timeline(row).length;
    return { kind: 'line', marbles, until, ...(label !== undefined && { label }), ...(end && { end }) };
  };
  const rows = steps.flatMap((step, nth): Row[] => [
    { kind: 'operator', text: step.operator },
    line(step.row, nth + 1, errors.output, step.unsubscribe),
    ...step.subscriptions.map((row): Row => {
      const { subscribedFrame, unsubscribedFrame } = span(row);
      const until = Number.isFinite(unsubscribedFrame) && { until: unsubscribedFrame };
      return { kind: 'subscription', from: subscribedFrame, ...until };
    }),
  ]);
  return { title, rows: [line(source, 0, errors.source), ...rows] };
}

function marblesOf(row: string, letters: Letters, labels: Readonly<Record<string, string>>): Marble[] {
  return timeline(row)
    .marks.filter(({ symbol }) => symbol !== '|' && symbol !== '#')
    .map(({ frame, symbol }) => {
      const { faces, ...dress } = wear(valueOf(symbol, row, letters));
      const label = labels[symbol];
      return {
        time: frame,
        ...dress,
        faces: label === undefined ? faces : faces.map(({ tone, look }) => ({ label, tone, look })),
      };
    });
}

function endOf(row: string, error: unknown, unsubscribe?: string): End | undefined {
  const last = timeline(row).marks.find(({ symbol }) => symbol === '|' || symbol === '#');
  if (last?.symbol === '|') return { time: last.frame, kind: 'complete' };
  if (last) return { time: last.frame, kind: 'error', label: nameOf(error) };
  return unsubscribe === undefined
    ? undefined
    : { time: span(unsubscribe).unsubscribedFrame, kind: 'unsubscribe' };
}
