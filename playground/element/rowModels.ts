import type { Face } from '../../src/pictures/drawing.js';
import { nameOf, wear } from '../../src/pictures/wear.js';
import type { StreamEvent } from '../../src/events/event.js';
import type { Frame } from '../../src/wire/frame.js';
import { apart } from '../model/apart.js';
import { sizeOf } from '../model/feed.js';
import { partsOf, type Identities } from '../model/identity.js';
import type { Row } from '../model/run.js';
import type { Ran, Shown } from '../model/session.js';
import type { DrawnRow, Look } from './rowCanvas.js';

/** A row of the view: what is drawn, and what stands behind it. */
export interface RowModel {
  /** The same from one change to the next. */
  readonly id: string;
  readonly name: string;
  readonly count: string;
  readonly drawn: DrawnRow;
  readonly problem?: string | undefined;
  /** A line above it: which chain begins. */
  readonly head?: string | undefined;
  valueOf(nth: number): unknown;
  /** The part that a marble came of, where it can be moved with it. */
  partOf?(nth: number): number;
}

/** All rows there are: bytes, frames, events, each operator of each chain, and what differs. */
export function rowModels(shown: Shown, identities: Identities): readonly RowModel[] {
  const { chains } = shown;
  const own = chains.flatMap((ran, nth) =>
    chainRows(ran, chains.length > 1 ? 'AB'.charAt(nth) : '', identities),
  );
  return [...sourceRows(shown), ...own, ...differenceRow(chains)];
}

function sourceRows({ feed, reading, recording }: Shown): readonly RowModel[] {
  const { parts, end } = feed;
  const bodyEnd =
    end.how === 'open'
      ? undefined
      : ({ at: end.at, kind: end.how === 'lost' ? 'error' : 'complete' } as const);
  const { frames, events, failure, beyond } = reading;
  const ending = recording.end;
  const eventsEnd =
    ending.end === 'unsubscribe'
      ? undefined
      : ending.end === 'error'
        ? ({ at: ending.at, kind: 'error', word: ending.error.code ?? ending.error.name } as const)
        : ({ at: ending.at, kind: 'complete' } as const);
  return [
    {
      id: 'bytes',
      name: 'bytes',
      count: `${counted(parts.length, 'chunk')}, ${sizeWords(sizeOf(parts))}`,
      valueOf: (nth) => parts[nth],
      partOf: (nth) => nth,
      drawn: {
        times: parts.map(({ at }) => at),
        lookOf: (nth) => ({ face: bytesFace(parts[nth]?.bytes ?? new Uint8Array()) }),
        end: bodyEnd,
      },
    },
    {
      id: 'frames',
      name: `frames, by ${feed.codec.framing === 'ndjson' ? 'ndjson()' : feed.codec.framing === 'sse' ? 'sse()' : 'eventStream()'}`,
      count: counted(frames.length + beyond.frames, 'frame'),
      valueOf: (nth) => frames[nth]?.value,
      partOf: (nth) => frames[nth]?.part ?? 0,
      drawn: {
        times: frames.map(({ at }) => at),
        lookOf: (nth) => ({ face: frameFace(frames[nth]?.value) }),
        end: failure ? { at: failure.at, kind: 'unsubscribe' } : bodyEnd,
      },
    },
    {
      id: 'events',
      name: `events, by decode(${feed.codec.name})`,
      count: counted(events.length + beyond.events, 'event'),
      problem:
        beyond.events > 0 ? `Rows show the first ${events.length.toLocaleString('en')} events` : undefined,
      valueOf: (nth) => events[nth]?.value,
      partOf: (nth) => events[nth]?.part ?? 0,
      drawn: {
        times: events.map(({ at }) => at),
        lookOf: (nth) => ({ face: eventFace(events[nth]?.value) }),
        end: eventsEnd,
      },
    },
  ];
}

function chainRows({ links, rows }: Ran, chain: string, identities: Identities): readonly RowModel[] {
  return links.map((link, nth): RowModel => {
    const row = rows[nth] ?? EMPTY;
    return {
      id: `${chain}${nth}`,
      name: link.code,
      count: link.problem === undefined ? counted(row.values.length, 'value') : 'left out',
      problem: link.problem ?? row.more,
      head: nth === 0 && chain !== '' ? `Chain ${chain}` : undefined,
      valueOf: (value) => row.values[value],
      drawn:
        link.problem === undefined
          ? drawnRow(row, identities)
          : { ...drawnRow(EMPTY, identities), end: undefined },
    };
  });
}

const EMPTY: Row = { times: [], values: [], end: undefined, more: undefined, causes: [] };

function drawnRow({ times, values, end }: Row, identities: Identities): DrawnRow {
  return {
    times,
    lookOf: (nth) => lookOf(values[nth], identities),
    end: end && { at: end.at, kind: end.kind, ...(end.kind === 'error' && { word: nameOf(end.error) }) },
  };
}

function lookOf(value: unknown, identities: Identities): Look {
  const { faces, framed = false } = worn(value);
  const [face = NOTHING] = faces;
  const isEvent =
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    !('status' in value) &&
    !('role' in value);
  if (isEvent || typeof value !== 'object') return { face };
  const label = framed ? faces.map((each) => each.label).join(' · ') : face.label;
  const parts = partsOf(value).map((part) => identities.numberOf(part) ?? 0);
  return { face: { ...face, label, look: 'outline', tone: framed ? 'message' : face.tone }, parts };
}

type Worn = ReturnType<typeof wear>;

const looks = new WeakMap<object, Worn>();

/** What a value wears. It never changes, so neither does that. */
function worn(value: unknown): Worn {
  if (typeof value !== 'object' || value === null) return wear(value);
  const known = looks.get(value) ?? wear(value);
  looks.set(value, known);
  return known;
}

const NOTHING: Face = { label: '', tone: 'unknown', look: 'outline' };

function differenceRow(chains: readonly Ran[]): readonly RowModel[] {
  const [one, other] = chains.map(({ rows }) => rows.at(-1) ?? EMPTY);
  if (!one || !other) return [];
  const found = apart(one, other);
  return [
    {
      id: 'apart',
      name: 'A and B',
      head: 'Difference',
      count: found.length === 0 ? 'the same values at the same times' : counted(found.length, 'difference'),
      valueOf: (nth) => found[nth]?.what,
      drawn: {
        times: found.map(({ at }) => at),
        lookOf: (nth) => ({ face: { label: found[nth]?.what ?? '', tone: 'error', look: 'tint' } }),
        end: undefined,
      },
    },
  ];
}

function bytesFace(bytes: Uint8Array): Face {
  return { label: `${bytes.length} B`, tone: 'unknown', look: 'tint' };
}

function frameFace(frame: Frame | undefined): Face {
  return { label: frame?.event ?? frame?.data.slice(0, 60) ?? '', tone: 'message', look: 'outline' };
}

function eventFace(event: StreamEvent | undefined): Face {
  return event ? (worn(event).faces[0] ?? NOTHING) : NOTHING;
}

/** `1 frame`, `2,000 frames`. */
export function counted(count: number, what: string): string {
  return `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`;
}

/** Bytes as people read them. */
export function sizeWords(bytes: number): string {
  if (bytes < 1_000) return counted(bytes, 'byte');
  return bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
