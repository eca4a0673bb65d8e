import type { Frame, Framing } from './frame.js';
import type { Framer } from './stage.js';

/** What reads the text of a stream the long way, frame by frame. */
export interface LongWay {
  readonly framer: Framer;
  /** Reads text, and says of each frame what {@link ShortWay.note} asks. */
  readLong(text: string): void;
  /** Reads the last frame once more, with another piece of text in it: see `Decoder.again`. */
  again(piece: string, length: number): void;
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
  readonly endOf?: (mark: string, text: string, start: number) => number;
}

// Marks are no ASCII, which the rest of a template is; but a character takes a byte, as in the text that is compared.
export const PIECE = '\x80';
export const SPACES = '\x81';
const MARK = /[\x80-\x83]/;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const BLANK = 0x20;

/** So much of a frame that is cut may wait for the rest, in UTF-16 units. */
const MOST_HELD = 1024;

/** So long may the data of a template be, in UTF-16 units: of a frame that is long, its piece takes the most of the time. */
const LONGEST_TEMPLATE = 65_536;

/** A text of so many characters is no longer a copy: it keeps the whole chunk that it was cut from. */
const COPIED = 13;

/**
 * The short way past `JSON.parse`. Nearly every frame of a stream is the one before it with another piece of text. So the
 * last frame is a template: where the text around the piece is the same, the piece alone is read. All else goes the long
 * way. It holds the state of one subscription.
 */
export interface ShortWay {
  /** Takes a frame that went the long way, and what it said. */
  note(frame: Frame, events: readonly { readonly type: string }[]): void;
  /** Reads text: the short way as far as that goes, and the rest the long way. */
  read(text: string, reader: LongWay): void;
  /** Reads what waits for the rest of its frame, because nothing more comes. */
  end(reader: LongWay): void;
}

/** Makes the short way of one subscription. */
export function shortWay(framing: Framing, { mark, endOf }: Marking): ShortWay {
  /** What stands in the last frame, with its line ends, around the marks; nothing where the next one must go the long way. */
  let parts: readonly string[] = [];
  let marks = '';
  /** How much of that is not the data. */
  let around = 0;
  /** The piece that the last match found. */
  let piece = '';
  /** The beginning of a frame that may fit. */
  let held = '';
  /** The last frame that went the long way, and what it said. */
  let frame: Frame | undefined;
  let said: readonly { readonly type: string }[] = [];
  /** How many frames are to pass before one is made a template, and how many were before the last one. */
  let wait = 0;
  let waited = 0;

  return {
    note(read, events) {
      // A ping says nothing, to a decoder neither.
      if (events.length === 1 && events[0]?.type === 'ping') return;
      frame = read;
      said = events;
    },
    read(given, reader) {
      const wasHeld = held !== '';
      const text = wasHeld ? held + given : given;
      held = '';
      let at = 0;
      while (parts.length > 0 && at < text.length) {
        const { isBetween } = reader.framer;
        const end = isBetween ? match(text, at) : text.indexOf('\n', at) + 1 || text.length;
        // A CR may end the frame. One that comes in more than two chunks is not looked at again and again.
        if (end < 0 && (at > 0 || !wasHeld) && text.length - at < MOST_HELD && !text.endsWith('\r')) {
          held = text.slice(at);
          return;
        }
        if (end <= 0) break;
        if (isBetween) {
          wait = waited = 0;
          reader.again(piece, end - at - around);
        } else readLong(text.slice(at, end), reader);
        at = end;
      }
      if (at < text.length) readLong(at > 0 ? text.slice(at) : text, reader);
    },
    end(reader) {
      if (held !== '') readLong(held, reader);
      held = '';
    },
  };

  function readLong(text: string, reader: LongWay): void {
    frame = undefined;
    reader.readLong(text);
    if (frame) learn(frame, text.includes('\r') ? '\r\n' : '\n');
  }

  /** @returns where the frame ends that begins here; 0 where it does not fit, -1 where more of it must come */
  function match(text: string, from: number): number {
    let at = from;
    for (let place = 0; ; place++) {
      const part = parts[place] as string;
      const found = text.slice(at, at + part.length);
      if (found !== part) return part.startsWith(found) ? -1 : 0;
      at += part.length;
      const hole = marks[place];
      if (hole === undefined) return at;
      if (hole === PIECE) at = readPiece(text, at);
      else if (hole === SPACES) while (text.charCodeAt(at) === BLANK) at++;
      else at = endOf?.(hole, text, at) ?? 0;
      if (at <= 0) return at;
    }
  }

  /** @returns where the piece ends; 0 and -1 as of a match */
  function readPiece(text: string, start: number): number {
    let at = start;
    let isEscaped = false;
    for (let code = text.charCodeAt(at); code !== QUOTE; code = text.charCodeAt(++at)) {
      if (!(code >= BLANK)) return at < text.length ? 0 : -1;
      if (code === BACKSLASH) {
        isEscaped = true;
        at++;
      }
    }
    piece = text.slice(start, at);
    try {
      if (isEscaped) piece = JSON.parse(`"${piece}"`) as string;
      else if (piece.length >= COPIED) piece = ` ${piece}`.slice(1);
    } catch {
      return 0;
    }
    // What an empty one means, the long way knows.
    return at > start ? at : 0;
  }

  function learn({ data, event = '', id }: Frame, lineEnd: string): void {
    const frameOf = (data: string): string => {
      const name = event && `event: ${event}${lineEnd}`;
      return framing === 'sse' ? `${name}data: ${data}${lineEnd}${lineEnd}` : data + lineEnd;
    };
    const isPlain = id === undefined && data.length <= LONGEST_TEMPLATE;
    // A frame that was cut where nothing could wait for its rest is one more of the same.
    if (isPlain && parts.length > 0 && saysOneDelta(said)) {
      const whole = frameOf(data);
      if (match(whole, 0) === whole.length) return;
    }
    parts = [];
    if (!isPlain || wait-- > 0) return;
    wait = waited = waited * 2 + 1;
    const marked = mark(data, said) || '';
    // So that no text of a server is taken for a mark.
    if (!marked || !/^[ -~]*$/.test(event)) return;
    const text = frameOf(marked);
    // Texts of their own: to compare with what was cut from another takes twice as long.
    parts = JSON.parse(JSON.stringify(text.split(MARK))) as string[];
    marks = marked.replace(/[ -~]+/g, '');
    around = text.length - marked.length;
  }
}

function saysOneDelta([event, other]: readonly { readonly type: string }[]): boolean {
  return event?.type === 'content_block_delta' && other === undefined;
}
