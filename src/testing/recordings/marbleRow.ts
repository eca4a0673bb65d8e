/** A symbol of a row, and when it stands there, in ms. */
export interface TimedSymbol {
  readonly at: number;
  readonly symbol: string;
}

/** The longest wait that is drawn as dashes. */
const MAX_DASHES = 4;

/** Marbles, and in which frame each of their symbols stands. */
export interface MarbleRow {
  readonly marbles: string;
  readonly frames: readonly number[];
}

/**
 * Writes symbols as a row of marbles, those of the same ms in a group. A group takes a frame for each of its characters;
 * what would fall into that time stands right behind it.
 *
 * @param symbols - in order, at any times
 * @returns the row in the notation of `TestScheduler.run`, and its frames, which are ms there
 */
export function marbleRow(symbols: readonly TimedSymbol[]): MarbleRow {
  const parts: string[] = [];
  const frames: number[] = [];
  let free = 0;
  while (frames.length < symbols.length) {
    const start = frames.length;
    const frame = Math.max(free, frameOf(symbols[start]));
    while (frames.length < symbols.length && frameOf(symbols[frames.length]) <= frame) frames.push(frame);
    const group = symbols.slice(start, frames.length).map(({ symbol }) => symbol);
    const isGroup = group.length > 1;
    parts.push(wait(frame - free), isGroup ? `(${group.join('')})` : group.join(''));
    free = frame + (isGroup ? group.length + 2 : 1);
  }
  return { marbles: parts.join('').trim(), frames };
}

function wait(frames: number): string {
  return frames > MAX_DASHES ? ` ${frames}ms ` : '-'.repeat(frames);
}

/** Marbles know whole ms only. */
function frameOf(symbol: TimedSymbol | undefined): number {
  return Math.round(symbol?.at ?? 0);
}
