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
  const { at: moments, counts } = momentsOf(times);
  const usual = usualGap(moments);
  const places = new Float64Array(moments.length);
  const silences: Silence[] = [];
  let [x, before] = [MARGIN, 0];
  for (let nth = 0; nth < moments.length; nth++) {
    const moment = moments[nth] ?? 0;
    const ms = moment - before;
    const units = Math.min(ms / usual, LONGEST);
    const beside =
      nth === 0 ? 0 : Math.min((counts[nth - 1] ?? 1) - 1, MOST_BESIDE) * BESIDE * Math.min(zoom, 1);
    const end = x + units * USUAL * zoom + beside;
    if (ms / usual > LONGEST) silences.push({ from: x + beside, to: end, ms });
    places[nth] = end;
    [x, before] = [end, moment];
  }
  return {
    width: x + MARGIN + USUAL * Math.min(zoom, 1),
    silences,
    x: (time) => between(moments, places, time),
    time: (at) => between(places, moments, at),
  };
}

/** Moments in order, and how many values come at each: of two rows, the more. */
interface Moments {
  readonly at: Float64Array;
  readonly counts: Uint32Array;
}

/** How many values come at each moment, in the row that has the most of them then. The first moment is 0. */
function momentsOf(times: readonly (readonly number[])[]): Moments {
  // What passes an operator comes at the times at which it came before.
  const distinct = times.filter((row, nth) => !times.slice(0, nth).some((other) => isSame(other, row)));
  return distinct.map(countedRow).reduce(merged, countedRow([0]));
}

function countedRow(row: readonly number[]): Moments {
  const at = new Float64Array(row.length);
  const counts = new Uint32Array(row.length);
  let last = -1;
  for (const time of row) {
    if (last < 0 || time !== at[last]) at[++last] = time;
    counts[last] = (counts[last] ?? 0) + 1;
  }
  return { at: at.subarray(0, last + 1), counts: counts.subarray(0, last + 1) };
}

function merged(one: Moments, other: Moments): Moments {
  const most = one.at.length + other.at.length;
  const at = new Float64Array(most);
  const counts = new Uint32Array(most);
  let [a, b, length] = [0, 0, 0];
  for (; a < one.at.length || b < other.at.length; length++) {
    const here = one.at[a] ?? Infinity;
    const there = other.at[b] ?? Infinity;
    at[length] = here < there ? here : there;
    const mine = here <= there ? (one.counts[a++] ?? 1) : 1;
    const theirs = there <= here ? (other.counts[b++] ?? 1) : 1;
    counts[length] = mine > theirs ? mine : theirs;
  }
  return { at: at.subarray(0, length), counts: counts.subarray(0, length) };
}

function isSame(one: readonly number[], other: readonly number[]): boolean {
  if (one.length !== other.length) return false;
  for (let nth = 0; nth < one.length; nth++) if (one[nth] !== other[nth]) return false;
  return true;
}

/** The median of the waits, in ms. */
function usualGap(moments: Float64Array): number {
  const gaps = new Float64Array(Math.max(0, moments.length - 1));
  for (let nth = 0; nth < gaps.length; nth++) gaps[nth] = (moments[nth + 1] ?? 0) - (moments[nth] ?? 0);
  gaps.sort();
  return Math.max(gaps[Math.floor(gaps.length / 2)] ?? 1, 0.001);
}

/** Straight lines between places that are known. */
function between(from: ArrayLike<number>, to: ArrayLike<number>, value: number): number {
  const nth = firstAfter(from, value);
  const [left = 0, right] = [from[nth - 1], from[nth]];
  const low = to[nth - 1] ?? 0;
  if (right === undefined || nth === 0) return nth === 0 ? (to[0] ?? 0) : low;
  const high = to[nth] ?? low;
  return low + ((value - left) / (right - left || 1)) * (high - low);
}

/** The first place whose value is greater. */
export function firstAfter(values: ArrayLike<number>, value: number): number {
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

/** A time that is written on the axis, and where. */
export interface Tick {
  readonly x: number;
  readonly ms: number;
}

/** More steps than anybody can see between two silences. */
const MOST_STEPS = 4_000;

/**
 * The times that are written on the axis: round ones, 1, 2 or 5 times a power of ten. Where time is drawn unevenly each
 * stretch has the step that suits it.
 *
 * @param from - what is seen, in px
 * @param to - the end of it
 * @param apart - at least so many px are between two of them
 */
export function ticksOf(scale: TimeScale, from: number, to: number, apart: number): readonly Tick[] {
  const ticks: Tick[] = [];
  let last = -Infinity;
  const add = (ms: number): void => {
    const place = scale.x(ms);
    if (place < last + apart || place < from - apart || place > to) return;
    ticks.push({ x: place, ms });
    last = place;
  };
  let start = Math.max(from - apart, scale.x(0));
  const ends = [...scale.silences.filter((each) => each.to > start && each.from < to), undefined];
  for (const silence of ends) {
    const end = Math.min(silence?.from ?? to, to);
    if (end > start) {
      const [first, until] = [scale.time(start), scale.time(end)];
      const step = roundStep(((until - first) / (end - start)) * apart);
      const nth = Math.ceil(first / step - 1e-9);
      const most = Math.min(nth + MOST_STEPS, Math.floor(until / step + 1e-9));
      for (let each = nth; each <= most; each++) add(Number((each * step).toPrecision(12)));
    }
    start = silence?.to ?? to;
  }
  return ticks;
}

/** The least step of 1, 2 or 5 times a power of ten that is no less; nothing happens within a ms. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(least, 1)));
  return (ROUND.find((each) => each * power >= least) ?? 10) * power;
}

const ROUND = [1, 2, 5, 10];
