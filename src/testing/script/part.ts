import type { AnyContentBlock } from '../../events/block.js';
import type { AnyContentBlockDelta } from '../../events/delta.js';
import type { StreamEvent } from '../../events/event.js';
import * as events from '../../events/make.js';

/** A text to be cut into deltas as the script says, or its deltas as they are to be. */
export type Pieces = string | readonly string[];

/** Whether a value is a text or its deltas. An empty array is neither. */
export function isPieces(value: unknown): value is Pieces {
  const texts: readonly unknown[] = Array.isArray(value) && value.length > 0 ? value : [value];
  return texts.every((text) => typeof text === 'string');
}

/** Cuts a text into the pieces that deltas carry. */
export type Cut = (text: string) => readonly string[];

/** Where a part stands in its message. */
export interface Place {
  /** The index of its block, or of the next one. */
  readonly index: number;
  /** The id of its call, or of the last one before it; `undefined` where none was. */
  readonly callId: string | undefined;
  readonly cut: Cut;
}

/** One part of a script: a block, or what stands beside blocks. */
export interface Part {
  readonly kind: 'block' | 'call' | 'aside';
  /** The id of the call, where it was told. */
  readonly id?: string | undefined;
  readonly events: (place: Place) => readonly StreamEvent[];
}

/** A text block. */
export function textPart(text: Pieces): Part {
  return growing(events.textStart, text, events.textDelta);
}

/** A thinking block. */
export function thinkingPart(thinking: Pieces, signature: string | undefined): Part {
  const signed = signature === undefined ? [] : [signature];
  return growing(
    (index) => events.thinkingStart(index),
    thinking,
    events.thinkingDelta,
    (index) => signed.map((text) => events.signatureDelta(index, text)),
  );
}

/** A call of a tool. */
export function callPart(name: string, json: Pieces, id: string | undefined): Part {
  return {
    kind: 'call',
    id,
    events: ({ index, callId = '', cut }) => [
      events.toolUseStart(index, callId, name),
      ...piecesOf(json, cut).map((piece) => events.inputJsonDelta(index, piece)),
      events.blockStop(index),
    ],
  };
}

/** Any block, with any deltas. */
export function blockPart(block: AnyContentBlock, deltas: readonly AnyContentBlockDelta[]): Part {
  return {
    kind: 'block',
    events: ({ index }) => [
      events.blockStart(index, block),
      ...deltas.map((delta) => events.blockDelta(index, delta)),
      events.blockStop(index),
    ],
  };
}

/** What running the tool of the last call gave. */
export function resultPart(content: unknown, isError: boolean | undefined, id: string | undefined): Part {
  return {
    kind: 'aside',
    events: ({ callId }) => {
      const answered = id ?? callId;
      if (answered === undefined) throw new Error('A tool result stands after a call, or names one');
      return [events.toolResult(answered, content, isError)];
    },
  };
}

/** An event that belongs to no block. */
export function eventPart(event: StreamEvent): Part {
  return { kind: 'aside', events: () => [event] };
}

function growing(
  start: (index: number) => StreamEvent,
  text: Pieces,
  grow: (index: number, piece: string) => StreamEvent,
  close: (index: number) => readonly StreamEvent[] = () => [],
): Part {
  return {
    kind: 'block',
    events: ({ index, cut }) => [
      start(index),
      ...piecesOf(text, cut).map((piece) => grow(index, piece)),
      ...close(index),
      events.blockStop(index),
    ],
  };
}

function piecesOf(text: Pieces, cut: Cut): readonly string[] {
  return typeof text === 'string' ? cut(text) : text;
}
