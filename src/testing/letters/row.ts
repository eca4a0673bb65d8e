/** A symbol of a row, and when it stands there, in ms. */
export interface TimedSymbol {
  readonly at: number;
  readonly symbol: string;
}

/** A row of marbles, and where each of its symbols stands. */
export interface MarbleRow {
  readonly marbles: string;
  readonly frames: readonly number[];
  /** Counted in characters, from 0. */
  readonly columns: readonly number[];
}

/**
 * Writes symbols as a row of marbles, those of the same ms in a group. A group takes a frame for each of its characters;
 * what would fall into that time stands right behind it.
 *
 * @param dashes - the longest wait that is drawn as dashes; a longer one is written in ms
 * @param start - the frame that the row begins with
 */
export function marbleRow(symbols: readonly TimedSymbol[], dashes: number, start = 0): MarbleRow {
  const parts: string[] = [];
  const frames: number[] = [];
  const columns: number[] = [];
  let [free, column] = [start, 0];
  while (frames.length < symbols.length) {
    const first = frames.length;
    const frame = Math.max(free, frameOf(symbols[first]));
    while (frames.length < symbols.length && frameOf(symbols[frames.length]) <= frame) frames.push(frame);
    const group = symbols.slice(first, frames.length).map(({ symbol }) => symbol);
    const [open, close] = group.length > 1 ? ['(', ')'] : ['', ''];
    const before = `${waitOf(frame - free, dashes)}${open}`;
    parts.push(before, group.join(''), close);
    for (const nth of group.keys()) columns.push(column + before.length + nth);
    column += before.length + group.length + close.length;
    free = frame + open.length + group.length + close.length;
  }
  return { marbles: parts.join(''), frames, columns };
}

function waitOf(frames: number, dashes: number): string {
  return frames > dashes ? ` ${frames}ms ` : '-'.repeat(frames);
}

/** Marbles know whole ms only. */
function frameOf(symbol: TimedSymbol | undefined): number {
  return Math.round(symbol?.at ?? 0);
}
