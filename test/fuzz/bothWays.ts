import { isDeepStrictEqual } from 'node:util';
import { Subject } from 'rxjs';
import type { Codec } from '../../src/codecs/codec.js';
import type { DecodeOptions } from '../../src/codecs/policed.js';
import type { Skip } from '../../src/codecs/skip.js';
import type { StreamEvent } from '../../src/events/event.js';
import { fromBytes } from '../../src/sources/fromBytes.js';
import { likeFrames } from './likeFrames.js';
import { chunked, Dice, mutated } from './mutation.js';

/** All that can be seen of how a stream was read: after each chunk what had come, what was passed over, and the end. */
export interface Seen {
  readonly events: readonly StreamEvent[];
  /** How many events had come after each chunk: nothing comes later than it must. */
  readonly counts: readonly number[];
  readonly skips: readonly Skip[];
  readonly ending: string;
  /** How many frames went the short way. */
  readonly short: number;
}

/** How a stream is read. */
export interface Reading extends Pick<DecodeOptions, 'unknown' | 'malformed'> {
  readonly limits?: { readonly bytes?: number; readonly message?: number; readonly frame?: number };
}

/** Reads chunks with the codec as it is, or without its short way. */
export function seenOf(
  chunks: Iterable<Uint8Array | string>,
  codec: Codec,
  reading: Reading,
  isShort: boolean,
): Seen {
  const events: StreamEvent[] = [];
  const counts: number[] = [];
  const skips: Skip[] = [];
  let ending = 'none';
  let short = 0;
  const pushed = new Subject<Uint8Array | string>();
  const { shortWay: _, ...long } = codec;
  const counted: Codec = {
    ...codec,
    decoder(...given) {
      const decoder = codec.decoder(...given);
      const again = decoder.again?.bind(decoder);
      return Object.assign(decoder, {
        again: (piece: string, length: number) => {
          short++;
          return again?.(piece, length) ?? [];
        },
      });
    },
  };
  fromBytes(pushed, {
    codec: isShort ? counted : long,
    ...reading,
    onSkip: (skip) => skips.push(skip),
  }).subscribe({
    next: (event) => events.push(event),
    error: (error: unknown) => (ending = String(error) + JSON.stringify(error)),
    complete: () => (ending = 'complete'),
  });
  for (const chunk of chunks) {
    pushed.next(chunk);
    counts.push(events.length);
  }
  pushed.complete();
  return { events, counts, skips, ending, short };
}

/** What differs between the two ways; `undefined` where nothing does. */
export function differenceOf(long: Seen, short: Seen): string | undefined {
  const names = ['events', 'counts', 'skips', 'ending'] as const;
  const name = names.find((each) => !isDeepStrictEqual(long[each], short[each]));
  // The order of members is seen by whoever writes an event down.
  if (name === undefined && JSON.stringify(long.events) === JSON.stringify(short.events)) return undefined;
  return name ?? 'the order of members';
}

/** What one seed compared. */
export interface Comparison {
  readonly what: string;
  readonly chunks: number;
  /** How many of them are not what the server sent, or hold a frame that is otherwise. */
  readonly mutated: number;
  readonly short: number;
  readonly difference: string | undefined;
}

/** Reads one stream of a codec both ways, spoilt and cut as a seed says. */
export function compared(codec: Codec, seed: number): Comparison {
  const dice = new Dice(seed);
  const { frames, deviant } = likeFrames(codec, dice);
  const cut = dice.of(CUTS);
  const chunks = [...cut(frames, dice)];
  let spoiltOnes = deviant;
  for (let times = dice.below(4); times > 0; times--) {
    const place = dice.below(chunks.length);
    const chunk = chunks[place] as Uint8Array;
    if (chunk.length === 0) continue;
    chunks[place] = spoilt(chunk, dice);
    spoiltOnes++;
  }
  const given: readonly (Uint8Array | string)[] =
    dice.below(20) === 0
      ? chunks.map((chunk, at) => (at % 5 === 4 ? new TextDecoder().decode(chunk) : chunk))
      : chunks;
  const reading = dice.of(READINGS);
  const long = seenOf(given, codec, reading, false);
  const short = seenOf(given, codec, reading, true);
  return {
    what: `${codec.name}, ${cut.name}, ${JSON.stringify(reading)}`,
    chunks: chunks.length,
    mutated: spoiltOnes,
    short: short.short,
    difference: differenceOf(long, short),
  };
}

const READINGS: readonly Reading[] = [
  {},
  {},
  { malformed: 'skip', unknown: 'skip' },
  { malformed: 'skip' },
  { unknown: 'error' },
  { limits: { bytes: 2_000 } },
  { limits: { message: 200 } },
  { limits: { frame: 200 } },
];

const CUTS: readonly ((frames: readonly Uint8Array[], dice: Dice) => readonly Uint8Array[])[] = [
  function oneFrameAChunk(frames) {
    return frames;
  },
  function oneFrameAChunkAgain(frames) {
    return frames;
  },
  function severalFramesAChunk(frames, dice) {
    const chunks: Uint8Array[] = [];
    for (let at = 0; at < frames.length;) {
      const count = 1 + dice.below(5);
      chunks.push(Buffer.concat(frames.slice(at, at + count)));
      at += count;
    }
    return chunks;
  },
  function framesCutInTwo(frames, dice) {
    return frames.flatMap((frame) => {
      const at = dice.below(3) === 0 ? dice.below(frame.length) : 0;
      return [frame.subarray(0, at), frame.subarray(at)];
    });
  },
  function cutAnywhere(frames, dice) {
    return chunked(Buffer.concat(frames), dice);
  },
];

/** A chunk with a byte or a few that are others. */
function spoilt(chunk: Uint8Array, dice: Dice): Uint8Array {
  const copy = Uint8Array.from(chunk);
  if (dice.below(3) > 0) {
    // One bit is the smallest change; a byte of the grammar the worst.
    const at = dice.below(copy.length);
    copy[at] = dice.below(2) ? (copy[at] as number) ^ (1 << dice.below(8)) : dice.of(GRAMMAR);
    return copy;
  }
  return mutated(copy, dice).bytes;
}

const GRAMMAR: readonly number[] = Array.from('"\\{}[]:, \n\r\t0a\0\xff', (character) =>
  character.charCodeAt(0),
);
