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
export function shortWay(framing: Framing, marking: Marking): ShortWay {
  return new Template(framing, marking);
}

/** The piece that the last match found. It is taken at once: a stream that kept it would hold one more new object at all times. */
let lastPiece = '';

/** The last frame, as a template of the next. */
class Template implements ShortWay {
  readonly #framing: Framing;
  readonly #marking: Marking;
  /** What stands in the last frame, with its line ends, around the marks; nothing where the next one must go the long way. */
  #parts: readonly string[] | undefined;
  #marks = '';
  /** How much of that is not the data. */
  #around = 0;
  /** Whether nothing that came before affects the next frame. */
  #isBetween = false;
  /** The beginning of a frame that may fit. */
  #held = '';
  /** The last frame that went the long way, and what it said. */
  #frame: Frame | undefined;
  #said: readonly { readonly type: string }[] = [];
  /** How many frames are to pass before one is made a template, and how many were before the last one. */
  #wait = 0;
  #waited = 0;

  constructor(framing: Framing, marking: Marking) {
    this.#framing = framing;
    this.#marking = marking;
  }

  note(frame: Frame, events: readonly { readonly type: string }[]): void {
    // A ping says nothing, to a decoder neither.
    if (events.length === 1 && events[0]?.type === 'ping') return;
    this.#frame = frame;
    this.#said = events;
  }

  read(given: string, reader: LongWay): void {
    const wasHeld = this.#held !== '';
    const text = wasHeld ? this.#held + given : given;
    this.#held = '';
    let at = 0;
    while (this.#parts !== undefined && at < text.length) {
      const end = this.#isBetween
        ? this.#match(this.#parts, text, at)
        : text.indexOf('\n', at) + 1 || text.length;
      // A CR may end the frame. One that comes in more than two chunks is not looked at again and again.
      if (end < 0 && (at > 0 || !wasHeld) && text.length - at < MOST_HELD && !text.endsWith('\r')) {
        this.#held = text.slice(at);
        return;
      }
      if (end <= 0) break;
      if (this.#isBetween) {
        this.#wait = this.#waited = 0;
        reader.again(lastPiece, end - at - this.#around);
      } else this.#readLong(text.slice(at, end), reader);
      at = end;
    }
    if (at < text.length) this.#readLong(at > 0 ? text.slice(at) : text, reader);
  }

  end(reader: LongWay): void {
    if (this.#held !== '') this.#readLong(this.#held, reader);
    this.#held = '';
  }

  #readLong(text: string, reader: LongWay): void {
    this.#frame = undefined;
    // Who hears of a frame may push the next chunk at once, into the middle of what is read here.
    this.#isBetween = false;
    reader.readLong(text);
    this.#isBetween = reader.framer.isBetween;
    if (this.#frame) this.#learn(this.#frame, text.includes('\r') ? '\r\n' : '\n');
  }

  /** @returns where the frame ends that begins here; 0 where it does not fit, -1 where more of it must come */
  #match(parts: readonly string[], text: string, from: number): number {
    let at = from;
    for (let place = 0; ; place++) {
      const part = parts[place] as string;
      const found = text.slice(at, at + part.length);
      if (found !== part) return part.startsWith(found) ? -1 : 0;
      at += part.length;
      const hole = this.#marks[place];
      if (hole === undefined) return at;
      if (hole === PIECE) at = this.#readPiece(text, at);
      else if (hole === SPACES) while (text.charCodeAt(at) === BLANK) at++;
      else at = this.#marking.endOf?.(hole, text, at) ?? 0;
      if (at <= 0) return at;
    }
  }

  /** @returns where the piece ends; 0 and -1 as of a match */
  #readPiece(text: string, start: number): number {
    let at = start;
    let isEscaped = false;
    for (let code = text.charCodeAt(at); code !== QUOTE; code = text.charCodeAt(++at)) {
      if (!(code >= BLANK)) return at < text.length ? 0 : -1;
      if (code === BACKSLASH) {
        isEscaped = true;
        at++;
      }
    }
    let piece = text.slice(start, at);
    try {
      if (isEscaped) piece = JSON.parse(`"${piece}"`) as string;
      else if (piece.length >= COPIED) piece = ` ${piece}`.slice(1);
    } catch {
      return 0;
    }
    lastPiece = piece;
    // What an empty one means, the long way knows.
    return at > start ? at : 0;
  }

  #learn({ data, event = '', id }: Frame, lineEnd: string): void {
    const frameOf = (data: string): string => {
      const name = event && `event: ${event}${lineEnd}`;
      return this.#framing === 'sse' ? `${name}data: ${data}${lineEnd}${lineEnd}` : data + lineEnd;
    };
    const isPlain = id === undefined && data.length <= LONGEST_TEMPLATE;
    // A frame that was cut where nothing could wait for its rest is one more of the same.
    if (isPlain && this.#parts !== undefined && saysOneDelta(this.#said)) {
      const whole = frameOf(data);
      if (this.#match(this.#parts, whole, 0) === whole.length) return;
    }
    this.#parts = undefined;
    if (!isPlain || this.#wait-- > 0) return;
    this.#wait = this.#waited = this.#waited * 2 + 1;
    const marked = this.#marking.mark(data, this.#said) || '';
    // So that no text of a server is taken for a mark.
    if (!marked || !/^[ -~]*$/.test(event)) return;
    const text = frameOf(marked);
    this.#parts = partsOf(text);
    this.#marks = marked.replace(/[ -~]+/g, '');
    this.#around = text.length - marked.length;
  }
}

let lastText = '';
let lastParts: readonly string[] = [];

/** Of streams of one kind the templates are alike, and of thousands what they share is in a cache. */
function partsOf(text: string): readonly string[] {
  if (text !== lastText) {
    // Texts of their own: to compare with what was cut from another takes twice as long.
    lastParts = JSON.parse(JSON.stringify(text.split(MARK))) as string[];
    lastText = text;
  }
  return lastParts;
}

function saysOneDelta([event, other]: readonly { readonly type: string }[]): boolean {
  return event?.type === 'content_block_delta' && other === undefined;
}
