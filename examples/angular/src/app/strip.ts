import type { ObservableNotification } from 'rxjs';
import type { AnyContentBlock, StreamEvent } from 'rxjs-llm-stream';
import type { Moment } from './pace.js';

/** What a marble stands for. A later one in this list hides an earlier one in the same place. */
const KINDS = ['ping', 'delta', 'start', 'stop', 'error'] as const;

export type MarbleKind = (typeof KINDS)[number];

/** All events of a lane that came in the same stretch of time. */
export interface Marble {
  /** Which stretch, 0 being the first. */
  readonly slot: number;
  readonly kind: MarbleKind;
  readonly count: number;
}

/** The events of the message itself, or of one of its blocks. */
export interface Lane {
  readonly name: string;
  /** Of the block; -1 for the message. */
  readonly index: number;
  readonly marbles: readonly Marble[];
}

/** The events of an answer over time: as wide at its end as at its beginning. */
export interface Strip {
  /** How long a slot is, in ms. */
  readonly slotLength: number;
  readonly lanes: readonly Lane[];
  /** How many events there were. */
  readonly events: number;
}

/** How many slots a strip has at most: when time runs over, each two become one. */
export const SLOTS = 64;

export const BLANK: Strip = {
  slotLength: 50,
  lanes: [{ name: 'message', index: -1, marbles: [] }],
  events: 0,
};

/** The strip with one more event, or with the failure that ended them. A lane that got nothing is the same object. */
export function stripOf(strip: Strip, notification: ObservableNotification<Moment>): Strip {
  switch (notification.kind) {
    case 'N':
      return withEvent(strip, notification.value);
    case 'E':
      return withMarble(strip, -1, 'error', lastSlot(strip));
    case 'C':
      return strip;
  }
}

function withEvent(strip: Strip, { event, at }: Moment): Strip {
  const index = 'index' in event ? event.index : -1;
  let wide = strip;
  while (at >= SLOTS * wide.slotLength) wide = halved(wide);
  if (event.type === 'content_block_start') wide = withLane(wide, nameOf(event.content_block), index);
  const next = withMarble(wide, index, kindOf(event), Math.floor(at / wide.slotLength));
  return { ...next, events: strip.events + 1 };
}

function withLane(strip: Strip, name: string, index: number): Strip {
  return { ...strip, lanes: [...strip.lanes, { name, index, marbles: [] }] };
}

function withMarble(strip: Strip, index: number, kind: MarbleKind, slot: number): Strip {
  const add = (lane: Lane): Lane => ({ ...lane, marbles: merged(lane.marbles, { slot, kind, count: 1 }) });
  return { ...strip, lanes: strip.lanes.map((lane) => (lane.index === index ? add(lane) : lane)) };
}

/** The same events in half the slots. */
function halved({ slotLength, lanes, events }: Strip): Strip {
  const halve = (marbles: readonly Marble[]): readonly Marble[] =>
    marbles.reduce<readonly Marble[]>(
      (all, marble) => merged(all, { ...marble, slot: Math.floor(marble.slot / 2) }),
      [],
    );
  return {
    slotLength: slotLength * 2,
    lanes: lanes.map((lane) => ({ ...lane, marbles: halve(lane.marbles) })),
    events,
  };
}

function merged(marbles: readonly Marble[], marble: Marble): readonly Marble[] {
  const last = marbles.at(-1);
  if (last?.slot !== marble.slot) return [...marbles, marble];
  const kind = KINDS.indexOf(last.kind) > KINDS.indexOf(marble.kind) ? last.kind : marble.kind;
  return [...marbles.slice(0, -1), { slot: marble.slot, kind, count: last.count + marble.count }];
}

function lastSlot({ lanes }: Strip): number {
  return Math.max(0, ...lanes.map(({ marbles }) => marbles.at(-1)?.slot ?? 0));
}

function nameOf(block: AnyContentBlock): string {
  return 'name' in block && typeof block.name === 'string' ? block.name : block.type;
}

function kindOf({ type }: StreamEvent): MarbleKind {
  switch (type) {
    case 'message_start':
    case 'content_block_start':
      return 'start';
    case 'content_block_stop':
    case 'message_stop':
      return 'stop';
    case 'error':
    case 'block_abort':
      return 'error';
    case 'ping':
      return 'ping';
    default:
      return 'delta';
  }
}
