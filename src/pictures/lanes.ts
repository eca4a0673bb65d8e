import type { Face, Line, Tone } from './drawing.js';

/** What lanes are for: a block by its index, the message, and what stands beside both. */
export type LaneKey = Exclude<Tone, 'error'>;

/** A pill at its moment. */
export interface Mark {
  readonly time: number;
  readonly face: Face;
}

/** What a line carries of one block, or of one kind of what stands beside blocks. */
export interface Lane {
  readonly key: LaneKey;
  readonly name: string;
  readonly marks: readonly Mark[];
}

/** Blocks beyond these share one lane, so that a picture stays readable. */
const MOST_BLOCKS = 40;

/** Takes a line apart into lanes: the message with its errors, the blocks by their index, then the rest. */
export function lanesOf(line: Line): Lane[] {
  const marks = new Map<LaneKey, Mark[]>();
  for (const { time, faces } of line.marbles) {
    for (const face of faces) {
      const key = face.tone === 'error' ? 'message' : face.tone;
      marks
        .set(key, marks.get(key) ?? [])
        .get(key)
        ?.push({ time, face });
    }
  }
  const lanes = [...marks]
    .sort(([a], [b]) => rank(a) - rank(b))
    .map(([key, marks]): Lane => ({ key, name: nameOf(key, marks), marks }));
  const start = lanes.findIndex(({ key }) => typeof key === 'number') + MOST_BLOCKS - 1;
  const more = lanes.slice(start).filter(({ key }) => typeof key === 'number');
  const [first] = more;
  if (!first || more.length === 1) return lanes;
  const shared = more.flatMap((lane) => lane.marks).sort((a, b) => a.time - b.time);
  const lane: Lane = { key: first.key, name: `${more.length} more blocks`, marks: shared };
  return [...lanes.slice(0, start), lane, ...lanes.slice(start + more.length)];
}

function rank(key: LaneKey): number {
  return typeof key === 'number' ? key : { message: -1, value: 2e9, ping: 3e9, unknown: 4e9 }[key];
}

/** A block by its index and what it begins with, without its content. */
function nameOf(key: LaneKey, marks: readonly Mark[]): string {
  if (typeof key !== 'number') return key;
  return `${key} ${marks[0]?.face.label.replace(/ ?["{[].*/, '') ?? ''}`.trimEnd();
}
