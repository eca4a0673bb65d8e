import type { Face, Line, Tone } from './drawing.js';

/** What lanes are for: a block by its index, the message, and what stands beside both. */
export type LaneKey = Exclude<Tone, 'error'>;

/** A pill at its moment. */
export interface Mark {
  readonly time: number;
  readonly face: Face;
}

/** What a line carries of one block, or of one kind of what is no block. */
export interface Lane {
  readonly key: LaneKey;
  readonly name: string;
  readonly marks: readonly Mark[];
}

/** Takes a line apart into lanes: the message with its errors, the blocks by their index, then the rest. */
export function lanesOf(line: Line): Lane[] {
  const lanes = new Map<LaneKey, Mark[]>();
  for (const { time, faces } of line.marbles) {
    for (const face of faces) {
      const key = face.tone === 'error' ? 'message' : face.tone;
      const marks = lanes.get(key);
      if (marks) marks.push({ time, face });
      else lanes.set(key, [{ time, face }]);
    }
  }
  const named = [...lanes]
    .sort(([a], [b]) => rank(a) - rank(b))
    .map(([key, marks]) => ({ key, name: nameOf(key, marks), marks }));
  return withoutMost(named);
}

/** Blocks beyond these share one lane, so that a picture stays readable. */
const MOST_BLOCKS = 40;

function withoutMost(lanes: readonly Lane[]): Lane[] {
  const blocks = lanes.filter(({ key }) => typeof key === 'number');
  const [first, ...others] = blocks.slice(MOST_BLOCKS - 1);
  if (!first || others.length === 0) return [...lanes];
  const left = new Set(others);
  const marks = [first, ...others].flatMap((lane) => lane.marks).sort((a, b) => a.time - b.time);
  const more: Lane = { key: first.key, name: `${others.length + 1} more blocks`, marks };
  return lanes.filter((lane) => !left.has(lane)).map((lane) => (lane === first ? more : lane));
}

const RANKS: Readonly<Record<Exclude<LaneKey, number>, number>> = {
  message: -1,
  value: Number.MAX_VALUE / 4,
  ping: Number.MAX_VALUE / 2,
  unknown: Number.MAX_VALUE,
};

function rank(key: LaneKey): number {
  return typeof key === 'number' ? key : RANKS[key];
}

/** A block by its index and what it begins with, without its content. */
function nameOf(key: LaneKey, marks: readonly Mark[]): string {
  if (typeof key !== 'number') return key;
  return `${key} ${marks[0]?.face.label.replace(/ ?["{[].*/, '') ?? ''}`.trimEnd();
}
