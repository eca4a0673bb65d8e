import type { Ruler } from './measure.js';

/** A silence that is not drawn to scale. */
export interface Silence {
  readonly from: number;
  readonly until: number;
  /** Where its mark begins and ends. */
  readonly left: number;
  readonly right: number;
  /** How long it is. */
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

/** Lays out time on a track: all to scale, but for silences so long that they would leave no room for the rest. */
export function timeAxis(times: readonly number[], width: number, ruler: Ruler): TimeAxis {
  const first = times[0] ?? 0;
  const last = times.at(-1) ?? 0;
  const gaps = silencesOf(times, width, ruler);
  const broken = gaps.reduce((sum, gap) => sum + gap.width, 0);
  const active = last - first - gaps.reduce((sum, { from, until }) => sum + until - from, 0);
  const scale = active > 0 ? (width - broken) / active : 0;

  const stretches: Stretch[] = [];
  const silences: Silence[] = [];
  let [from, left] = [first, 0];
  for (const gap of gaps) {
    stretches.push({ from, until: gap.from, left });
    const edge = left + (gap.from - from) * scale;
    silences.push({ ...gap, left: Math.round(edge), right: Math.round(edge + gap.width) });
    [from, left] = [gap.until, edge + gap.width];
  }
  stretches.push({ from, until: last, left });
  const at = (time: number): number => placeOf(time, stretches, silences, scale);
  return { at, silences, ticks: ticksOf(stretches, silences, scale, width, ruler) };
}

function placeOf(
  time: number,
  stretches: readonly Stretch[],
  silences: readonly Silence[],
  scale: number,
): number {
  const next = stretches.findIndex(({ until }) => time <= until);
  const nth = next === -1 ? stretches.length - 1 : next;
  const stretch = stretches[nth] ?? { from: 0, until: 0, left: 0 };
  if (time >= stretch.from) return Math.round(stretch.left + (time - stretch.from) * scale);
  // A recording has nothing within a silence, but a subscription may begin there.
  return silences[nth - 1]?.left ?? 0;
}

type Gap = Omit<Silence, 'left' | 'right'> & { readonly width: number };

/** A wait is a silence if it takes more than this part of all that is to scale, and far more than others do. */
const SHARE = 0.2;
const TIMES_ORDINARY = 4;

function silencesOf(times: readonly number[], width: number, ruler: Ruler): Gap[] {
  const waits = times.slice(1).map((until, nth) => ({ from: times[nth] ?? 0, until }));
  const length = ({ from, until }: { from: number; until: number }): number => until - from;
  const ordered = [...waits].sort((a, b) => length(b) - length(a));
  let rest = (times.at(-1) ?? 0) - (times[0] ?? 0);
  let room = width / 2;
  const found: Gap[] = [];
  for (const [nth, wait] of ordered.entries()) {
    const ordinary = ordered[nth + Math.ceil((ordered.length - nth) / 2)];
    const label = duration(length(wait));
    const mark = ruler.widthOf(label) + ruler.breakPadding;
    const isLong =
      ordinary && length(wait) > SHARE * rest && length(wait) > TIMES_ORDINARY * length(ordinary);
    if (!isLong || mark > room || (length(wait) / rest) * width < mark) break;
    found.push({ ...wait, width: mark, label });
    rest -= length(wait);
    room -= mark;
  }
  return found.sort((a, b) => a.from - b.from);
}

/** Steps that are round in the eyes of a reader, in ms. */
const STEPS = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000,
  600_000, 1_800_000, 3_600_000,
];

function ticksOf(
  stretches: readonly Stretch[],
  silences: readonly Silence[],
  scale: number,
  width: number,
  ruler: Ruler,
): Tick[] {
  const step = STEPS.find((step) => step * scale >= ruler.tick);
  const moments = stretches.flatMap(({ from, until, left }) => {
    const round = step === undefined ? [] : multiples(step, from, until);
    // After a silence a reader cannot count on, so the moment at which it ends has a label.
    const all = [...new Set([from, ...round])];
    return all.map((time) => ({ at: Math.round(left + (time - from) * scale), label: elapsed(time) }));
  });
  const ticks: Tick[] = [];
  let free = 0;
  for (const { at, label } of moments) {
    const right = at + ruler.widthOf(label);
    const isTaken = silences.some((silence) => at < silence.right && right + ruler.gap > silence.left);
    if (at < free || isTaken || right > width) continue;
    ticks.push({ at, label });
    free = right + 2 * ruler.gap;
  }
  return ticks;
}

function multiples(step: number, from: number, until: number): number[] {
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

/** A moment in words, as exact as a reader needs it to tell it from the next. */
export function elapsed(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const minutes = Math.floor(ms / 60_000);
  const seconds = Math.round((ms - minutes * 60_000) / 10) / 100;
  if (minutes === 0) return `${seconds} s`;
  return seconds === 0 ? `${minutes} min` : `${minutes} min ${seconds} s`;
}
