/** Where one of the two plots stands, and what its axes span. */
export const PANEL = {
  left: 56,
  right: 330,
  top: 64,
  bottom: 412,
  /** The axis of sizes, in characters. */
  smallest: 4 * 1024,
  largest: 1024 * 1024,
  /** The axis of times: from here, so many powers of ten. */
  lowest: 0.001,
  decades: 5,
} as const;

/** What is written beside the end of a line. */
export interface Label {
  readonly text: string;
  /** The power of the size that the line follows. */
  readonly exponent: string;
  /** The end of the line. */
  readonly x: number;
  readonly y: number;
}

const LINE_HEIGHT = 17;

/** Where a size stands, from the left. */
export function x(size: number): number {
  const part = Math.log(size / PANEL.smallest) / Math.log(PANEL.largest / PANEL.smallest);
  return round(PANEL.left + part * (PANEL.right - PANEL.left));
}

/** Where a time stands, from the top. */
export function y(relative: number): number {
  const part = Math.log10(relative / PANEL.lowest) / PANEL.decades;
  return round(PANEL.bottom - part * (PANEL.bottom - PANEL.top));
}

/**
 * Moves labels apart, each as near to its line's end as the order of the ends allows. Of lines that end at one height,
 * the one that ends first gets the uppermost place, so that what leads to the labels does not cross.
 *
 * @returns the height of each label, in the order they were given
 */
export function placeLabels(labels: readonly Label[]): readonly number[] {
  const order = [...labels.keys()].sort((a, b) => compare(labels[a], labels[b]));
  const wanted = order.map((place) => labels[place]?.y ?? 0);
  const groups: { top: number; count: number; sum: number }[] = [];
  for (const height of wanted) {
    groups.push({ top: height, count: 1, sum: height });
    merge(groups);
  }
  const heights = groups.flatMap(({ top, count }) =>
    Array.from({ length: count }, (_, place) => round(top + place * LINE_HEIGHT)),
  );
  return labels.map((_, place) => heights[order.indexOf(place)] ?? 0);
}

/** Joins the last groups as long as they overlap; a group stands around the mean of what its labels want. */
function merge(groups: { top: number; count: number; sum: number }[]): void {
  for (let last = groups.at(-1), before = groups.at(-2); last && before; before = groups.at(-2)) {
    if (before.top + before.count * LINE_HEIGHT <= last.top) return;
    const count = before.count + last.count;
    const sum = before.sum + last.sum;
    last = { count, sum, top: Math.max(PANEL.top, sum / count - ((count - 1) * LINE_HEIGHT) / 2) };
    groups.splice(-2, 2, last);
  }
}

function compare(a: Label | undefined, b: Label | undefined): number {
  if (a === undefined || b === undefined) return 0;
  return Math.abs(a.y - b.y) < LINE_HEIGHT / 2 ? a.x - b.x || a.y - b.y : a.y - b.y;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
