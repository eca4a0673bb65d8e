import type { Codec } from '../../src/codecs/codec.js';
import type { StreamEvent } from '../../src/events/event.js';
import type { RecordedError } from '../../src/testing/recordings/recording.js';

/** A piece of a stream, and when it comes: bytes as the network cut them. */
export interface Part {
  /** In whole ms since the subscription; never less than that of the part before. */
  readonly at: number;
  readonly bytes: Uint8Array;
  /** An event that the protocol has no words for: it comes in behind the decoder, and `bytes` is empty. */
  readonly event?: StreamEvent;
}

/** How the bytes end: the body is over, the connection is lost, or it stays open and silent. */
export interface FeedEnd {
  readonly at: number;
  readonly how: 'complete' | 'lost' | 'open';
  /** What the body fails with, where it is lost. Default: a lost connection. */
  readonly error?: RecordedError | undefined;
}

/** What a stream is made of, before anything is read: its parts, and the protocol that they are spelled in. */
export interface Feed {
  readonly codec: Codec;
  readonly parts: readonly Part[];
  readonly end: FeedEnd;
}

/** When a part comes, where a place behind the last is the end. */
export function timeOf({ parts, end }: Feed, nth: number): number {
  return parts[nth]?.at ?? end.at;
}

/** How many bytes stand before each part, and in the end all of them. */
export function offsetsOf(parts: readonly Part[]): readonly number[] {
  const known = offsets.get(parts);
  if (known) return known;
  const found = [0];
  let offset = 0;
  for (const { bytes } of parts) found.push((offset += bytes.length));
  offsets.set(parts, found);
  return found;
}

const offsets = new WeakMap<readonly Part[], readonly number[]>();

/** How many bytes all parts have together. */
export function sizeOf(parts: readonly Part[]): number {
  return offsetsOf(parts).at(-1) ?? 0;
}
