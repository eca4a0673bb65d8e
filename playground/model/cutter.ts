import type { Framing } from '../../src/wire/frame.js';

const LF = 10;
const CR = 13;

/** Cuts bytes behind each frame, in whatever pieces they come: a capture has no times, so each of its frames gets one. */
export class Cutter {
  readonly #framing: Framing | 'none';
  #held: Uint8Array = new Uint8Array();
  #from = 0;

  /** @param framing - how frames end; `none` where they cannot be told apart */
  constructor(framing: Framing | 'none') {
    this.#framing = framing;
  }

  /** @returns the frames that this chunk finishes, each with what ends it */
  next(chunk: Uint8Array): Uint8Array[] {
    if (this.#framing === 'none') return chunk.length > 0 ? [chunk] : [];
    const bytes = joined(this.#held, chunk);
    const found: Uint8Array[] = [];
    let start = 0;
    for (;;) {
      const end = this.#endOf(bytes, start);
      if (end === -1) break;
      found.push(bytes.subarray(start, end));
      start = end;
      this.#from = 0;
    }
    this.#held = bytes.subarray(start);
    // What was looked through needs no second look.
    this.#from = Math.max(0, this.#held.length - 3);
    return found;
  }

  /** @returns what is left, where something is */
  end(): Uint8Array[] {
    return this.#held.length > 0 ? [this.#held] : [];
  }

  #endOf(bytes: Uint8Array, start: number): number {
    switch (this.#framing) {
      case 'ndjson': {
        const end = bytes.indexOf(LF, start + this.#from);
        return end === -1 ? -1 : end + 1;
      }
      case 'eventstream':
        return endOfMessage(bytes, start);
      default:
        return endOfBlock(bytes, start, start + this.#from);
    }
  }
}

/** Behind the blank line that ends a block, with LF, CR or CRLF. */
function endOfBlock(bytes: Uint8Array, start: number, from: number): number {
  for (let at = bytes.indexOf(LF, from); at !== -1; at = bytes.indexOf(LF, at + 1)) {
    if (at > start && bytes[at - 1] === LF) return at + 1;
    if (at > start + 2 && bytes[at - 1] === CR && bytes[at - 2] === LF) return at + 1;
  }
  return -1;
}

/** An AWS event stream says at the beginning of each message how long it is. */
function endOfMessage(bytes: Uint8Array, start: number): number {
  if (bytes.length - start < 4) return -1;
  const length = new DataView(bytes.buffer, bytes.byteOffset + start).getUint32(0);
  return length >= 16 && bytes.length - start >= length ? start + length : -1;
}

/** One after the other. */
export function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  if (one.length === 0) return other;
  if (other.length === 0) return one;
  const bytes = new Uint8Array(one.length + other.length);
  bytes.set(one);
  bytes.set(other, one.length);
  return bytes;
}
