/** The scale of time of all rows: even where much happens, and silences shortened. */
export interface TimeScale {
  /** How wide all of it is, in px. */
  readonly width: number;
  /** Silences that are shortened, by where they are drawn. */
  readonly silences: readonly Silence[];
  /** Where a time is, in px. */
  x(time: number): number;
  /** Which time is there, in ms. */
  time(x: number): number;
}

/** A silence that is drawn shorter than it is. */
export interface Silence {
  readonly from: number;
  readonly to: number;
  readonly ms: number;
}

/** At zoom 1, in px: what stands before the first, a usual wait, and the longest that a wait is drawn. */
const MARGIN = 14;
const USUAL = 30;
const LONGEST = 6;
/** Between two values of the same ms, in px at most. */
const BESIDE = 9;
/** So many values of one ms get room of their own. */
const MOST_BESIDE = 6;

/**
 * @param times - of each row, in order
 * @param zoom - 1 leaves room for a marble; less shows more
 */
export function scaleOf(times: readonly (readonly number[])[], zoom: number): TimeScale {
  const counts = countsOf(times);
  const moments = [...counts.keys()].sort((one, other) => one - other);
  const usual = usualGap(moments);
  const places: number[] = [];
  const silences: Silence[] = [];
  let [x, before] = [MARGIN, 0];
  for (const [nth, moment] of moments.entries()) {
    const ms = moment - before;
    const units = Math.min(ms / usual, LONGEST);
    const beside =
      nth === 0 ? 0 : Math.min((counts.get(before) ?? 1) - 1, MOST_BESIDE) * BESIDE * Math.min(zoom, 1);
    const end = x + units * USUAL * zoom + beside;
    if (ms / usual > LONGEST) silences.push({ from: x + beside, to: end, ms });
    places.push(end);
    [x, before] = [end, moment];
  }
  return {
    width: x + MARGIN + USUAL * Math.min(zoom, 1),
    silences,
    x: (time) => between(moments, places, time),
    time: (at) => between(places, moments, at),
  };
}

/** How many values come at each moment, in the row that has the most of them then. */
function countsOf(times: readonly (readonly number[])[]): Map<number, number> {
  const counts = new Map<number, number>([[0, 1]]);
  for (const [nth, row] of times.entries()) {
    // What passes an operator comes at the times at which it came before.
    if (times.slice(0, nth).some((other) => isSame(other, row))) continue;
    let [last, count] = [-1, 0];
    for (const time of row) {
      count = time === last ? count + 1 : 1;
      last = time;
      if (count > (counts.get(time) ?? 0)) counts.set(time, count);
    }
  }
  return counts;
}

function isSame(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((time, nth) => time === other[nth]);
}

/** The median of the waits, in ms. */
function usualGap(moments: readonly number[]): number {
  const gaps = moments.slice(1).map((moment, nth) => moment - (moments[nth] ?? 0));
  gaps.sort((one, other) => one - other);
  return Math.max(gaps[Math.floor(gaps.length / 2)] ?? 1, 0.001);
}

/** Straight lines between places that are known. */
function between(from: readonly number[], to: readonly number[], value: number): number {
  const nth = firstAfter(from, value);
  const [left = 0, right] = [from[nth - 1], from[nth]];
  const low = to[nth - 1] ?? 0;
  if (right === undefined || nth === 0) return nth === 0 ? (to[0] ?? 0) : low;
  const high = to[nth] ?? low;
  return low + ((value - left) / (right - left || 1)) * (high - low);
}

/** The first place whose value is greater. */
export function firstAfter(values: readonly number[], value: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The scale that shows all of it in a width, where that is possible. */
export function zoomToFit(times: readonly (readonly number[])[], width: number): number {
  const { width: whole } = scaleOf(times, 1);
  return Math.min(4, Math.max(0.002, (width - 2 * MARGIN) / Math.max(1, whole - 2 * MARGIN)));
}
