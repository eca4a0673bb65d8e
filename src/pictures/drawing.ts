/** What a marble's colour stands for: a number is the index of its block, the words are for everything else. */
export type Tone = number | 'message' | 'ping' | 'error' | 'unknown' | 'value';

/** How a marble is filled: an outline begins or ends something, a tint is growth, a solid marble is whole. */
export type Look = 'outline' | 'tint' | 'solid' | 'dashed';

/** A label in parts: `text "`, `Hel` and `"`. Neighbours that begin and end alike can be shown as one. */
export interface Piece {
  readonly before: string;
  readonly text: string;
  readonly after: string;
}

/** One pill. */
export interface Face {
  readonly label: string;
  readonly tone: Tone;
  readonly look: Look;
  /** The parts of the label, where it shows a piece of something longer. */
  readonly piece?: Piece;
}

/** One value at one moment: a pill, or for a value made of several parts a frame around their pills. */
export interface Marble {
  /** In ms, virtual or real. */
  readonly time: number;
  readonly faces: readonly Face[];
  readonly framed?: boolean;
}

/** How a row ends. */
export interface End {
  readonly time: number;
  readonly kind: 'complete' | 'error' | 'unsubscribe';
  /** What went wrong, in a word. */
  readonly label?: string;
}

/** What flows between two operators. */
export interface Line {
  readonly kind: 'line';
  readonly label?: string;
  /** In the order of their times. */
  readonly marbles: readonly Marble[];
  /** Until when there is something to see. */
  readonly until: number;
  readonly end?: End;
}

/** An operator, between two rows. */
export interface OperatorBox {
  readonly kind: 'operator';
  readonly text: string;
}

/** When the source was subscribed. */
export interface Subscription {
  readonly kind: 'subscription';
  readonly from: number;
  readonly until?: number;
}

/** What a drawing is made of, from the top. */
export type Row = Line | OperatorBox | Subscription;

/** A marble diagram, free of notation and of looks: what `toSvg` and `toAscii` draw. */
export interface Drawing {
  readonly title: string;
  readonly rows: readonly Row[];
}

/** The rows on which something flows. */
export function linesOf({ rows }: Drawing): Line[] {
  return rows.filter((row) => row.kind === 'line');
}

/** Every moment at which something happens, in order. */
export function timesOf({ rows }: Drawing): number[] {
  return [...new Set([0, ...rows.flatMap(momentsOf)])].sort((a, b) => a - b);
}

function momentsOf(row: Row): number[] {
  if (row.kind === 'operator') return [];
  if (row.kind === 'subscription') return row.until === undefined ? [row.from] : [row.from, row.until];
  return [...row.marbles.map(({ time }) => time), row.until, ...(row.end ? [row.end.time] : [])];
}

/** The drawing in words, for those who cannot see it. */
export function wordsOf({ rows }: Drawing): string {
  const words = rows.flatMap((row) => {
    if (row.kind === 'line') return [`${row.label ? `${row.label}: ` : ''}${lineWords(row)}.`];
    return row.kind === 'operator' ? [`Through ${row.text}:`] : [];
  });
  return words.join(' ');
}

function lineWords({ marbles, end }: Line): string {
  const values = marbles.map(({ faces }) => faces.map(({ label }) => label).join(' + '));
  return [...values, ...(end ? [endWords(end)] : [])].join(', ') || 'nothing';
}

/** How a row ends, in words. */
export function endWords({ kind, label }: End): string {
  if (kind === 'error') return label === undefined ? 'fails' : `fails: ${label}`;
  return kind === 'complete' ? 'completes' : 'unsubscribed';
}
