import type { Ruler } from './measure.js';

/** A silence that is not drawn to scale: where its mark begins and ends, and how long it is. */
export interface Silence {
  readonly left: number;
  readonly right: number;
  readonly label: string;
}

/** A moment that is labelled beside the axis. */
export interface Tick {
  readonly at: number;
  readonly label: string;
}

/** Where moments stand on a track of a given width, which begins at 0; all places are whole. */
export interface TimeAxis {
  readonly at: (time: number) => number;
  readonly silences: readonly Silence[];
  readonly ticks: readonly Tick[];
}

/** What is to scale: moments between two silences. */
interface Stretch {
  readonly from: number;
  readonly until: number;
  readonly left: number;
}

/** Lays out time on a track: all to scale, except for silences so long that they would leave no room for the rest. */
export function timeAxis(times: readonly number[], width: number, ruler: Ruler): TimeAxis {
  let from = times[0] ?? 0;
  const last = times.at(-1) ?? 0;
  const gaps = gapsIn(times, width, ruler);
  const active = last - from - sumOf(gaps, lengthOf);
  const scale = active > 0 ? (width - sumOf(gaps, (gap) => gap.width)) / active : 0;

  const stretches: Stretch[] = [];
  const silences: Silence[] = [];
  let left = 0;
  for (const gap of gaps) {
    stretches.push({ from, until: gap.from, left });
    const edge = left + (gap.from - from) * scale;
    [from, left] = [gap.until, edge + gap.width];
    silences.push({ label: gap.label, left: Math.round(edge), right: Math.round(left) });
  }
  stretches.push({ from, until: last, left });

  const at = (time: number): number => {
    const next = stretches.findIndex(({ until }) => time <= until);
    const nth = next === -1 ? stretches.length - 1 : next;
    const stretch = stretches[nth];
    // A recording has nothing within a silence, but a subscription may begin there.
    if (!stretch || time < stretch.from) return silences[nth - 1]?.left ?? 0;
    return Math.round(stretch.left + (time - stretch.from) * scale);
  };
  const step = STEPS.find((step) => step * scale >= ruler.tick);
  // After a silence a reader cannot count on, so the moment at which it ends has a label.
  const moments = stretches.flatMap(({ from, until }) => [
    ...new Set([from, ...multiples(step, from, until)]),
  ]);
  const ticks: Tick[] = [];
  let free = 0;
  for (const moment of moments) {
    const tick = { at: at(moment), label: elapsed(moment) };
    const right = tick.at + ruler.widthOf(tick.label);
    const isTaken = silences.some((gap) => tick.at < gap.right && right + ruler.gap > gap.left);
    if (tick.at < free || isTaken || right > width) continue;
    ticks.push(tick);
    free = right + 2 * ruler.gap;
  }
  return { at, silences, ticks };
}

interface Wait {
  readonly from: number;
  readonly until: number;
}

type Gap = Wait & { readonly width: number; readonly label: string };

/** A wait is a silence if it takes more than this part of all that is to scale, and far more than others do. */
const SHARE = 0.2;
const TIMES_ORDINARY = 4;

function gapsIn(times: readonly number[], width: number, ruler: Ruler): Gap[] {
  const waits = times.slice(1).map((until, nth): Wait => ({ from: times[nth] ?? 0, until }));
  const ordered = waits.sort((a, b) => lengthOf(b) - lengthOf(a));
  let rest = sumOf(waits, lengthOf);
  let room = width / 2;
  const found: Gap[] = [];
  for (const [nth, wait] of ordered.entries()) {
    const length = lengthOf(wait);
    const ordinary = ordered[nth + Math.ceil((ordered.length - nth) / 2)];
    const label = duration(length);
    const mark = ruler.widthOf(label) + ruler.breakPadding;
    const isLong = ordinary && length > SHARE * rest && length > TIMES_ORDINARY * lengthOf(ordinary);
    if (!isLong || mark > room || (length / rest) * width < mark) break;
    found.push({ ...wait, width: mark, label });
    rest -= length;
    room -= mark;
  }
  return found.sort((a, b) => a.from - b.from);
}

function lengthOf({ from, until }: Wait): number {
  return until - from;
}

function sumOf<T>(items: readonly T[], valueOf: (item: T) => number): number {
  return items.reduce((sum, item) => sum + valueOf(item), 0);
}

/** Steps that are round in the eyes of a reader, in ms. */
const STEPS = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000,
  600_000, 1_800_000, 3_600_000,
];

function multiples(step: number | undefined, from: number, until: number): number[] {
  if (step === undefined) return [];
  const first = Math.ceil(from / step);
  return Array.from(
    { length: Math.max(0, Math.floor(until / step) - first + 1) },
    (_, nth) => (first + nth) * step,
  );
}

/** A wait in words: `250 ms`, `10 s`, `1.5 min`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return ms < 60_000 ? `${Math.round(ms / 100) / 10} s` : `${Math.round(ms / 6000) / 10} min`;
}

/** A moment in words, exact enough to distinguish it from the next. */
export function elapsed(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const minutes = Math.floor(ms / 60_000);
  const seconds = Math.round((ms - minutes * 60_000) / 10) / 100;
  if (minutes === 0) return `${seconds} s`;
  return seconds === 0 ? `${minutes} min` : `${minutes} min ${seconds} s`;
}
