import type { Look, Tone } from './drawing.js';
import type { Lane, Mark } from './lanes.js';
import type { Ruler } from './measure.js';
import { areAlike, countOf, fullLabel, joined, labelOf, lookOf, runOf, toneOf, type Run } from './runs.js';

/** One pill of a lane, placed: one mark, or several that would touch, shown as one. */
export interface Pill {
  readonly left: number;
  readonly right: number;
  readonly label: string;
  readonly tone: Tone;
  readonly look: Look;
  /** How many marks it stands for. */
  readonly count: number;
  /** The moments of the first and the last of them, in ms. */
  readonly from: number;
  readonly until: number;
}

/** A run with its place; the end of its run may be left of its own. */
interface Placed {
  run: Run;
  left: number;
  right: number;
}

/**
 * Places the marks of a lane as pills that do not touch. Like deltas that would touch are shown as one, with their
 * count; other marks are moved aside a little, and joined where that is not enough.
 */
export function pillsOf(lane: Lane, at: (time: number) => number, width: number, ruler: Ruler): Pill[] {
  const placed = fitted(pushed(alikeJoined(lane.marks, at, ruler), ruler), width, ruler);
  settle(placed, width, ruler);
  return placed.map(({ run, left, right }) => ({
    left,
    right,
    label: labelOf(run, right - left - ruler.padding, ruler),
    tone: toneOf(run),
    look: lookOf(run),
    count: run.count,
    from: run.first.time,
    until: run.last.time,
  }));
}

/** Like deltas become one where the next begins before the label of the last has ended. */
function alikeJoined(marks: readonly Mark[], at: (time: number) => number, ruler: Ruler): Run[] {
  const runs: Run[] = [];
  for (const mark of marks) {
    const run = runOf(mark, at(mark.time));
    const before = runs.at(-1);
    if (before && areAlike(before.last.face, mark.face) && touches(before, run.start, ruler)) {
      runs[runs.length - 1] = joined(before, run);
    } else {
      runs.push(run);
    }
  }
  return runs;
}

/** Whether the last mark of a run, on its own, would touch what begins here. Its place is known; its width takes a while. */
function touches({ last, end }: Run, place: number, ruler: Ruler): boolean {
  return place < end + ruler.gap || place < endOf(runOf(last, end), end, ruler) + ruler.gap;
}

/** From the left: what is in the way of the next pushes it, but not far. */
function pushed(runs: readonly Run[], ruler: Ruler): Placed[] {
  const placed: Placed[] = [];
  for (const run of runs) {
    const before = placed.at(-1);
    const left = before ? Math.max(run.start, before.right + ruler.gap) : run.start;
    if (before && isFar(run, left, ruler)) {
      before.run = joined(before.run, run);
      before.right = endOf(before.run, before.left, ruler);
    } else {
      placed.push({ run, left, right: endOf(run, left, ruler) });
    }
  }
  return placed;
}

/** Whether what began here would end too far from where it should. */
function isFar(run: Run, left: number, ruler: Ruler): boolean {
  if (left - run.start <= ruler.push) return false;
  return run.start === run.end || endOf(run, left, ruler) - endOf(run, run.start, ruler) > ruler.push;
}

/** Joins what belongs together most until all have room on the track. */
function fitted(placed: readonly Placed[], width: number, ruler: Ruler): Placed[] {
  const all = [...placed];
  const needed = (): number => all.reduce((sum, { run }) => sum + least(run, ruler) + ruler.gap, -ruler.gap);
  while (all.length > 1 && needed() > width) {
    const nth = cheapest(all);
    const [before, after] = all.splice(nth, 2);
    if (!before || !after) break;
    const run = joined(before.run, after.run);
    all.splice(nth, 0, { run, left: before.left, right: endOf(run, before.left, ruler) });
  }
  return all;
}

/** Which neighbour to join with its next: of a block rather than of others, and those that are close. */
function cheapest(all: readonly Placed[]): number {
  let [best, lowest] = [0, Infinity];
  for (let nth = 0; nth + 1 < all.length; nth++) {
    const [before, after] = [all[nth], all[nth + 1]];
    if (!before || !after) continue;
    const isAlike = areAlike(before.run.last.face, after.run.first.face);
    const cost = after.run.start - before.run.end + (isAlike ? 0 : 1e6);
    if (cost < lowest) [best, lowest] = [nth, cost];
  }
  return best;
}

/** Moves all into the track, from the right, then lets each label have the room that is free beside it. */
function settle(placed: readonly Placed[], width: number, ruler: Ruler): void {
  let free = 0;
  for (const one of placed) {
    one.left = Math.max(one.left, free);
    one.right = Math.max(one.right, one.left + least(one.run, ruler));
    free = one.right + ruler.gap;
  }
  let limit = width;
  for (const one of [...placed].reverse()) {
    one.right = Math.min(one.right, limit);
    one.left = Math.max(0, Math.min(one.left, one.right - least(one.run, ruler)));
    limit = one.left - ruler.gap;
  }
  placed.forEach((one, nth) => {
    const room = (placed[nth + 1]?.left ?? width + ruler.gap) - ruler.gap;
    one.right = Math.max(one.right, Math.min(room, one.left + wish(one.run, ruler)));
    const start = nth === 0 ? 0 : (placed[nth - 1]?.right ?? 0) + ruler.gap;
    // A pill may begin before its moment, but not long before it.
    const early = Math.max(start, one.left - ruler.push);
    one.left = Math.min(one.left, Math.max(early, one.right - wish(one.run, ruler)));
  });
}

/** A run reaches at least to its last moment, and as far as its label needs. */
function endOf(run: Run, left: number, ruler: Ruler): number {
  return Math.max(run.end, left + least(run, ruler));
}

function wish(run: Run, ruler: Ruler): number {
  return ruler.padding + ruler.widthOf(fullLabel(run));
}

function least(run: Run, ruler: Ruler): number {
  const most = ruler.padding + Math.max(ruler.label, ruler.widthOf(`…${countOf(run)}`));
  return run.isLong ? most : Math.min(wish(run, ruler), most);
}
