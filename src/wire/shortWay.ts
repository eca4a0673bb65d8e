import type { Frame, FrameAgain, Framing, Unpacker } from './frame.js';
import type { Framer } from './stage.js';

/** What reads a stream the long way: as text, frame by frame. */
export interface LongWay {
  readonly text: Unpacker;
  readonly framer: Framer;
  /** Reads a chunk. */
  readLong(chunk: Uint8Array | string): void;
  /** Reads frames, and says of each what {@link ShortWay.note} asks. */
  decode(frames: readonly Frame[]): void;
}

/** What of a frame may differ in the next one, so that it still says the same, but for the piece. */
export interface Marking {
  /**
   * @param data - the data of a frame
   * @param events - what it said
   * @returns the data with marks: {@link PIECE} in the JSON string by which a block grew, {@link SPACES} where spaces may
   *   stand, others for what `endOf` knows; nothing where another piece may say more, or it is not plain what is the piece
   */
  readonly mark: (data: string, events: readonly object[]) => string | false | undefined;
  /** Where that ends which another mark stands for; 0 where it is something else, -1 where more of it must come. */
  readonly endOf?: (mark: string, chunk: Uint8Array, start: number) => number;
}

// Marks are no ASCII, which the rest of a template is.
export const PIECE = '\ue000';
export const SPACES = '\ue001';
const MARK = /[\ue000-\ue003]/;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const BLANK = 0x20;
const LF = 0x0a;
const CR = 0x0d;

/** Up to so many bytes are made a text here: to call the decoder takes as long. */
const SHORT = 48;

/** So many bytes of a frame that is cut may wait for the rest. */
const MOST_HELD = 1024;

// Not every environment that loads this has one: the page that a test makes up need not.
let utf8: TextDecoder | undefined;

/**
 * The short way past `JSON.parse`. Nearly every frame of a stream is the one before it with another piece of text. So the
 * last frame is a template: where the bytes around the piece are the same, the piece alone is read. All else goes the long
 * way. It holds the state of one subscription.
 */
export interface ShortWay {
  /** Takes a frame that went the long way, and what it said. */
  note(frame: Frame, events: readonly object[]): void;
  /**
   * Reads a chunk: the short way as far as that goes, and the rest the long way.
   *
   * @param chunk - the chunk; an empty text where nothing more comes
   */
  read(chunk: Uint8Array | string, reader: LongWay): void;
}

/** Makes the short way of one subscription. */
export function shortWay(framing: Framing, { mark, endOf }: Marking): ShortWay {
  /** What stands in the last frame, with its line ends, around the marks; nothing where the next one must go the long way. */
  let parts: readonly Uint8Array[] = [];
  let marks = '';
  /** How much of that is not the data. */
  let around = 0;
  /** The piece that the last match found, and how many bytes it has more than UTF-16 units. */
  let piece = '';
  let excess = 0;
  /** The beginning of a frame that may fit. */
  let held: Uint8Array | undefined;
  /** The last frame that went the long way, and its piece. */
  let frame: Frame | undefined;
  let said: readonly object[] = [];
  /** How many frames are to pass before one is made a template, and how many were before the last one. */
  let wait = 0;
  let waited = 0;

  return {
    note(read, events) {
      frame = read;
      said = events;
    },
    read(given, reader) {
      const { text, framer } = reader;
      const before = held;
      held = undefined;
      if (!(given instanceof Uint8Array)) {
        if (before) readLong(before, reader);
        readLong(given, reader);
        return;
      }
      const chunk = before ? joined(before, given) : given;
      let at = 0;
      while (parts.length > 0 && at < chunk.length && chunk.length - at <= (text.room ?? 0)) {
        const isBetween = text.isClean && framer.isBetween;
        const end = isBetween ? match(chunk, at) : chunk.indexOf(LF, at) + 1 || chunk.length;
        // A CR may end the frame. One that comes in more than two chunks is not looked at again and again.
        if (end < 0 && (at > 0 || !before) && chunk.length - at < MOST_HELD && chunk.at(-1) !== CR) {
          held = chunk.slice(at);
          return;
        }
        if (end <= 0) break;
        if (isBetween) {
          wait = waited = 0;
          text.room = (text.room as number) - end + at;
          const again: FrameAgain = { data: '{', piece, length: end - at - around - excess };
          reader.decode([again]);
        } else readLong(chunk.subarray(at, end), reader);
        at = end;
      }
      if (at < chunk.length) readLong(chunk.subarray(at), reader);
    },
  };

  function readLong(chunk: Uint8Array | string, reader: LongWay): void {
    frame = undefined;
    reader.readLong(chunk);
    if (frame) learn(frame, chunk instanceof Uint8Array && chunk.includes(CR) ? '\r\n' : '\n');
  }

  /** @returns where the frame ends that begins here; 0 where it does not fit, -1 where more of it must come */
  function match(chunk: Uint8Array, from: number): number {
    let at = from;
    for (let place = 0; ; place++) {
      const part = parts[place] as Uint8Array;
      const length = Math.min(part.length, chunk.length - at);
      if (!isSame(chunk, at, part, length)) return 0;
      if (length < part.length) return -1;
      at += length;
      const hole = marks[place];
      if (hole === undefined) return at;
      if (hole === PIECE) at = readPiece(chunk, at);
      else if (hole === SPACES) while (chunk[at] === BLANK) at++;
      else at = endOf?.(hole, chunk, at) ?? 0;
      if (at <= 0) return at;
    }
  }

  /** @returns where the piece ends; 0 and -1 as of a match */
  function readPiece(chunk: Uint8Array, start: number): number {
    let at = start;
    let isPlain = true;
    let isEscaped = false;
    for (let byte = chunk[at]; byte !== QUOTE; byte = chunk[++at]) {
      if (byte === undefined) return -1;
      if (byte < BLANK) return 0;
      if (byte >= 0x80) isPlain = false;
      if (byte === BACKSLASH) {
        isEscaped = true;
        at++;
      }
    }
    const isShort = isPlain && at - start <= SHORT;
    utf8 ??= new TextDecoder('utf-8', { ignoreBOM: true });
    piece = isShort ? textOf(chunk, start, at) : utf8.decode(chunk.subarray(start, at));
    excess = at - start - piece.length;
    try {
      if (isEscaped) piece = JSON.parse(`"${piece}"`) as string;
    } catch {
      return 0;
    }
    // What an empty one means, the long way knows.
    return at > start ? at : 0;
  }

  function learn({ data, event = '', id }: Frame, lineEnd: string): void {
    parts = [];
    if (id !== undefined || wait-- > 0) return;
    wait = waited = waited * 2 + 1;
    const marked = mark(data, said) || '';
    // A character of ASCII is a byte.
    if (!marked || !/^[ -~]*$/.test(event)) return;
    const name = event && `event: ${event}${lineEnd}`;
    const text = framing === 'sse' ? `${name}data: ${marked}${lineEnd}${lineEnd}` : marked + lineEnd;
    parts = text.split(MARK).map((part) => new TextEncoder().encode(part));
    marks = marked.replace(/[ -~]+/g, '');
    around = text.length - marked.length;
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

/** Whether so many bytes are the same. Four at a time: most of the short way is spent here. */
function isSame(chunk: Uint8Array, at: number, part: Uint8Array, length: number): boolean {
  let place = 0;
  for (let from = at; place + 3 < length; place += 4, from += 4) {
    if (
      chunk[from] !== part[place] ||
      chunk[from + 1] !== part[place + 1] ||
      chunk[from + 2] !== part[place + 2] ||
      chunk[from + 3] !== part[place + 3]
    )
      return false;
  }
  for (; place < length; place++) if (chunk[at + place] !== part[place]) return false;
  return true;
}

/** Makes a text of ASCII: of four bytes at a time, because to keep it in pieces of one takes many times the memory. */
function textOf(chunk: Uint8Array, start: number, end: number): string {
  let text = '';
  let at = start;
  for (; at + 3 < end; at += 4)
    text += String.fromCharCode(
      chunk[at] as number,
      chunk[at + 1] as number,
      chunk[at + 2] as number,
      chunk[at + 3] as number,
    );
  let rest = '';
  for (; at < end; at++) rest += String.fromCharCode(chunk[at] as number);
  return text + rest;
}
