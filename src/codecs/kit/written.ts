import type { AnyContentBlock } from '../../events/block.js';
import type { StreamEvent } from '../../events/event.js';
import * as events from '../../events/make.js';

/** Names a block on a wire that has other names than our indexes: a tool's id, a kind and a number. */
export type BlockKey = string;

/** What grows in a block, and the events that begin it and let it grow. */
export interface Growing {
  readonly start: (index: number) => StreamEvent;
  readonly grow: (index: number, piece: string) => StreamEvent;
}

/** A block as far as it is written. */
export interface Written extends Growing {
  readonly key: BlockKey;
  readonly kind: AnyContentBlock['type'];
  index: number;
  /** All pieces so far. It grows as a rope, and is looked into only when a final value has come. */
  grown: string;
  /** Said of the block beside what grew, in order: a signature, a citation. */
  readonly asides: ((index: number) => StreamEvent)[];
  state: 'open' | 'stopped' | { readonly aborted: string };
}

/** What stands in a message beside its blocks, in its place among them. */
export type Entry = Written | { readonly result: StreamEvent };

export const TEXT: Growing = { start: (index) => events.textStart(index), grow: events.textDelta };
export const THINKING: Growing = {
  start: (index) => events.thinkingStart(index),
  grow: events.thinkingDelta,
};
