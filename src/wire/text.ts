import { StreamError } from '../errors/streamError.js';
import type { Unpacker } from './frame.js';
import { WIRE_LIMITS } from './limits.js';

const BOM = '\uFEFF';
const STREAMING = { stream: true } as const;

/** For chunks that begin and end with whole characters. Not every environment that loads this has one. */
let whole: TextDecoder | undefined;

/**
 * As much is read at once, bytes or UTF-16 units: a decoder takes many times as long for a large piece (Node 20), and so does
 * the collector.
 */
export const PIECE = 16_384;

/** Cuts a large chunk into pieces. Those of a text may begin with half a pair: texts are joined again as they are. */
export function piecesOf(chunk: Uint8Array | string): readonly (Uint8Array | string)[] {
  // A chunk that is neither bytes nor text has no length; the decoder refuses it.
  if (!(chunk.length > PIECE)) return [chunk];
  const starts = Array.from({ length: Math.ceil(chunk.length / PIECE) }, (_, at) => at * PIECE);
  return starts.map((start) =>
    typeof chunk === 'string' ? chunk.slice(start, start + PIECE) : chunk.subarray(start, start + PIECE),
  );
}

/**
 * Turns chunks into text: bytes as UTF-8 with invalid ones replaced by U+FFFD, strings as they are. It joins characters
 * that the network cut and removes exactly one leading byte order mark, as WHATWG's Encoding standard and its event
 * stream format ask. It holds the state of one subscription.
 */
export class ChunkDecoder implements Unpacker {
  /** For chunks that do not: it takes twice as long, and memory of its own. */
  #decoder: TextDecoder | undefined;
  readonly #limit: number;
  /** How many bytes more there may be. */
  #room: number;
  #started = false;
  /** Whether no character has begun that the next chunk may end. */
  #isClean = true;
  /** Set once there are more bytes than the limit allows. The text within the limit is still returned. */
  failure: StreamError | undefined;

  /** @param bytes - the most bytes of all chunks together; UTF-16 units if they are text */
  constructor(bytes: number = WIRE_LIMITS.bytes) {
    this.#limit = bytes;
    this.#room = bytes;
  }

  /**
   * @returns the text that is certain by now, possibly empty
   * @throws StreamError `malformed` for a chunk that is neither bytes nor text
   */
  next(chunk: Uint8Array | string): string {
    const size = typeof chunk === 'string' ? chunk.length : chunk.byteLength;
    const room = this.#room;
    this.#room -= size;
    // A chunk that is neither bytes nor text has no size; reading it fails below.
    if (!(size > room)) return this.#read(chunk);
    this.failure = new StreamError('limit', `The stream is longer than ${this.#limit} bytes (limit: bytes)`);
    return this.#read(chunk.slice(0, room));
  }

  /** @returns U+FFFD if the last character was never finished, otherwise nothing */
  end(): string {
    return this.#withoutMark(this.#flush());
  }

  #read(chunk: Uint8Array | string): string {
    if (typeof chunk === 'string') return this.#withoutMark(this.#flush() + chunk);
    const endsWhole = (chunk[chunk.length - 1] ?? NaN) < 0x80;
    const text = this.#decode(chunk, this.#isClean && endsWhole);
    this.#isClean = endsWhole;
    return this.#started ? text : this.#withoutMark(text);
  }

  #decode(chunk: Uint8Array, isWhole: boolean): string {
    try {
      if (isWhole) return (whole ??= utf8()).decode(chunk);
      return (this.#decoder ??= utf8()).decode(chunk, STREAMING);
    } catch (cause) {
      throw new StreamError('malformed', 'A chunk is neither bytes nor text', { cause });
    }
  }

  #flush(): string {
    if (this.#isClean) return '';
    this.#isClean = true;
    return this.#decoder?.decode() as string;
  }

  #withoutMark(text: string): string {
    if (this.#started || text === '') return text;
    this.#started = true;
    return text.startsWith(BOM) ? text.slice(1) : text;
  }
}

// The mark is removed above, for strings too. A decoder by itself would remove one after every flush.
function utf8(): TextDecoder {
  return new TextDecoder('utf-8', { ignoreBOM: true });
}

/** So many pieces are joined at once if they are small: to keep each would let the collector visit it again and again. */
const JOINED = 256;

/** A piece shorter than this is small. */
const SMALL = 64;

/**
 * Text that waits for its end. The whole is joined only when it is taken: to join it or look into it as each piece
 * arrives would be quadratic for one long line in small chunks.
 */
export class HeldText {
  readonly #parts: string[] = [];
  readonly #latest: string[] = [];
  #length = 0;

  /** How much is held, in UTF-16 units. */
  get length(): number {
    return this.#length;
  }

  push(text: string): void {
    if (text === '') return;
    this.#length += text.length;
    const latest = this.#latest;
    // The chunks of a stream are alike, so the last one says whether they are small.
    if (latest.push(text) % JOINED === 0 && text.length < SMALL) this.#parts.push(latest.splice(0).join(''));
  }

  /** @returns all that was held, followed by `rest`; afterwards nothing is held */
  takeWith(rest: string): string {
    if (this.#length === 0) return rest;
    const text = this.#parts.splice(0).join('') + this.#latest.splice(0).join('') + rest;
    this.#length = 0;
    return text;
  }
}
