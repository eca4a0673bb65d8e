import type { StreamEvent } from '../../events/event.js';
import * as events from '../../events/make.js';

/** A text to be cut into deltas as the script says, or its deltas as they are to be. */
export type Pieces = string | readonly string[];

/** Whether a value is a text or its deltas. An empty array is neither. */
export function isPieces(value: unknown): value is Pieces {
  const texts: readonly unknown[] = Array.isArray(value) && value.length > 0 ? value : [value];
  return texts.every((text) => typeof text === 'string');
}

/** How much a delta carries: so many characters (whole code points), or so many words with the space after them. */
export type DeltaSize = { readonly characters: number } | { readonly words: number };

/** Cuts a text into the pieces that deltas carry: joined they are the text, and an empty text has none. */
export type Cut = (text: string) => readonly string[];

/** The {@link Cut} of a script that asks for no size: each text is one delta. */
export const uncut: Cut = (text) => (text === '' ? [] : [text]);

/**
 * Makes what cuts texts into deltas of a size.
 *
 * @throws RangeError where the size is not a positive whole number
 */
export function cutting(size: DeltaSize): Cut {
  const [unit, count] = 'words' in size ? [/^\s+|\S+\s*/g, size.words] : [/[^]/gu, size.characters];
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new RangeError(`The size of a delta is a positive whole number, not ${count}`);
  }
  return (text) => {
    const units: readonly string[] = text.match(unit) ?? [];
    const length = Math.ceil(units.length / count);
    return Array.from({ length }, (_, nth) => units.slice(nth * count, (nth + 1) * count).join(''));
  };
}

/** Where a part stands in its message. */
export interface Place {
  /** The index of its block, or of the next one. */
  readonly index: number;
  /** The id of its call, or of the last one before it; `undefined` where there was none. */
  readonly callId: string | undefined;
  readonly cut: Cut;
}

/** One part of a script: a block, or what stands beside blocks. */
export interface Part {
  readonly kind: 'block' | 'call' | 'aside';
  /** The id of the call, where the script gives one. */
  readonly id?: string | undefined;
  readonly events: (place: Place) => readonly StreamEvent[];
}

/** The events of a block that grows by the pieces of a text. */
export function growing(
  start: (index: number, callId: string) => StreamEvent,
  text: Pieces,
  grow: (index: number, piece: string) => StreamEvent,
  close: (index: number) => readonly StreamEvent[] = () => [],
): Part['events'] {
  return ({ index, callId = '', cut }) => [
    start(index, callId),
    ...(typeof text === 'string' ? cut(text) : text).map((piece) => grow(index, piece)),
    ...close(index),
    events.blockStop(index),
  ];
}
