import { createParser, type EventSourceMessage } from 'eventsource-parser';
import type { OperatorFunction } from 'rxjs';
import { StreamError } from '../errors/streamError.js';
import type { Frame } from './frame.js';
import { frameTooLong, WIRE_LIMITS, type WireLimits } from './limits.js';
import { toFrames, type Framer } from './stage.js';
import { HeldText } from './text.js';

/**
 * Cuts a server-sent event stream into frames, one for each event, at the moment its blank line arrives. Comments and
 * blocks without data give no frame. The frames are the same however the network cuts the stream.
 *
 * ```ts
 * import { from } from 'rxjs';
 * import { sse } from 'rxjs-llm-stream';
 *
 * from([': hello\n\nevent: pi', 'ng\ndata: {}\n', '\n']).pipe(sse()).subscribe(console.log);
 * // { event: 'ping', data: '{}' }
 * ```
 *
 * It reads a stream as the WHATWG standard says: UTF-8 with invalid bytes replaced by U+FFFD; one leading byte order
 * mark removed; lines that end in LF, CR or CRLF; an id that holds until another replaces it. It differs in one point.
 * The standard drops a last event without its blank line. Here that event is a frame, marked as `unterminated`, because
 * some servers end that way and so does a cut connection: `decode` reports `truncated` if the frame cannot be read. This
 * operator reports the same error if the stream ends in an event before its data. Comments and `retry` lines at the end
 * are no loss. Frames found before a failure are delivered first.
 *
 * @param limits - `frame`, the most UTF-16 units of one event, and `bytes`, the most bytes of the whole stream
 * @returns an operator from chunks (bytes or text) to frames
 * @throws StreamError `limit` when an event or the stream is longer than its limit; `truncated`, with the first 200
 *   characters of the unfinished event as `raw`, when the stream ends inside an event that has no data yet
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 */
export function sse(limits: WireLimits = {}): OperatorFunction<Uint8Array | string, Frame> {
  return toFrames(() => new SseFramer(limits.frame), limits);
}

/**
 * Feeds the parser only whole blocks whose lines end in LF and are of kinds that it knows. So it does not matter how its
 * version treats the edge of a chunk (a last CR, a line cut in two, an unfinished block) or another byte order mark, and
 * what is held back is exactly the tail.
 */
export class SseFramer implements Framer {
  failure: StreamError | undefined;
  readonly #limit: number;
  readonly #held = new HeldText();
  readonly #parser = createParser({
    onEvent: (message) => this.#dispatch(message),
    onRetry: (retry) => {
      this.#retry = retry;
    },
  });
  #frames: Frame[] = [];
  #atLineStart = true;
  #afterCarriageReturn = false;
  #lastEventId = '';
  #retry: number | undefined;

  constructor(limit: number = WIRE_LIMITS.frame) {
    this.#limit = limit;
  }

  next(chunk: string): readonly Frame[] {
    if (this.#isBetweenFrames && chunk.length <= this.#limit) {
      const frame = wholeFrame(chunk);
      if (frame !== undefined) return [frame];
    }
    this.#frames = [];
    const text = this.#withLineFeeds(chunk);
    const end = this.#endOfBlocks(text);
    if (end > 0) this.#readBlocks(this.#held.takeWith(text.slice(0, end)));
    if (this.failure === undefined) this.#hold(text.slice(end), end > 0);
    return this.#frames;
  }

  end(): readonly Frame[] {
    this.#frames = [];
    const tail = this.#held.takeWith('');
    this.#readBlocks(`${tail}\n\n`);
    // For some codecs a name without data is an event, such as message_stop.
    const frames = this.#frames.filter(({ data }) => data !== '');
    if (frames.length === 0 && isLoss(tail)) {
      this.failure ??= new StreamError('truncated', 'The stream ended inside an event', { raw: tail });
    }
    return frames.map((frame) => ({ ...frame, unterminated: true }));
  }

  /** Whether nothing that came before affects the next block. */
  get #isBetweenFrames(): boolean {
    return this.#held.length === 0 && !this.#afterCarriageReturn && this.#lastEventId === '';
  }

  /**
   * Turns every line end into LF. A CR at the end of a chunk ends its line at once; an LF that follows it is dropped from
   * the next chunk. The parser thus never takes its path for CR, which is quadratic in version 3.
   */
  #withLineFeeds(chunk: string): string {
    if (chunk === '' || (!this.#afterCarriageReturn && !chunk.includes('\r'))) return chunk;
    const text = this.#afterCarriageReturn && chunk.startsWith('\n') ? chunk.slice(1) : chunk;
    this.#afterCarriageReturn = text.endsWith('\r');
    return text.replace(/\r\n?/g, '\n');
  }

  /** Where the text after the last blank line begins; 0 if there is no blank line. */
  #endOfBlocks(text: string): number {
    if (text.endsWith('\n\n')) return text.length;
    if (!text.includes('\n')) return 0;
    const blank = text.lastIndexOf('\n\n');
    if (blank !== -1) return blank + 2;
    return this.#atLineStart && text.startsWith('\n') ? 1 : 0;
  }

  #hold(text: string, startsBlock: boolean): void {
    if (startsBlock || text !== '') this.#atLineStart = text === '' || text.endsWith('\n');
    this.#held.push(text);
    if (this.#held.length > this.#limit) this.failure = frameTooLong(this.#limit);
  }

  #readBlocks(text: string): void {
    if (text.length <= this.#limit && everyLine(text, isPlainAt)) {
      this.#parser.feed(text);
      return;
    }
    let start = 0;
    while (start < text.length && this.failure === undefined) {
      const end = text.startsWith('\n', start) ? start + 1 : text.indexOf('\n\n', start) + 2;
      this.#readBlock(text.slice(start, end));
      start = end;
    }
  }

  /** Reads one block by itself, for what the parser does not report: an id without data, the block of a `retry`. */
  #readBlock(block: string): void {
    if (block.length > this.#limit) {
      this.failure = frameTooLong(this.#limit);
      return;
    }
    const fields = everyLine(block, isPlainOrIdAt) ? block : block.split('\n').filter(isField).join('\n');
    const found = this.#frames.length;
    this.#parser.feed(fields);
    if (this.#frames.length === found && fields !== '\n') {
      // Without data nothing is dispatched, yet the id takes effect. An empty data line makes the parser report it.
      this.#parser.feed(`${fields.slice(0, -1)}data\n\n`);
      this.#frames.pop();
    }
    this.#retry = undefined;
  }

  #dispatch({ data, event, id }: EventSourceMessage): void {
    if (id !== undefined) this.#lastEventId = id;
    const frame: { -readonly [K in keyof Frame]: Frame[K] } =
      event === undefined ? { data } : { event, data };
    if (this.#lastEventId !== '') frame.id = this.#lastEventId;
    if (this.#retry !== undefined) frame.retry = this.#retry;
    this.#frames.push(frame);
  }
}

/** Whether every line passes. `isAt` gets the text and the position where the line starts. */
function everyLine(text: string, isAt: (text: string, start: number) => boolean): boolean {
  let start = 0;
  while (start < text.length) {
    if (!isAt(text, start)) return false;
    start = text.indexOf('\n', start) + 1;
  }
  return true;
}

/** Data, an event's name, a comment or a blank line: the parser's messages hold everything about these. */
function isPlainAt(text: string, start: number): boolean {
  switch (text[start]) {
    case 'd':
      return text.startsWith('data:', start);
    case 'e':
      return text.startsWith('event:', start);
    default:
      return text[start] === '\n' || text[start] === ':';
  }
}

function isPlainOrIdAt(text: string, start: number): boolean {
  return isPlainAt(text, start) || text.startsWith('id:', start);
}

/**
 * Whether a line has an effect or is blank. The parser never sees the others, because version 3 makes an Error with a
 * stack for each: a megabyte of them takes over a second.
 */
function isField(line: string): boolean {
  return /^(?:(?:data|event|id)(?::|$)|retry: ?\d+$|$)/.test(line);
}

/** Whether a tail holds more than comments, blank lines and reconnection times. */
function isLoss(tail: string): boolean {
  return tail.split('\n').some((line) => !/^(?::|retry:|$)/.test(line));
}

const EVENT = 'event: ';
const DATA = 'data: ';

/**
 * Reads a chunk that is exactly one event, as most servers send it: a line of data, perhaps with a name before it, and a
 * blank line. Nearly all events come this way, and it costs a fraction of the parser.
 *
 * @param text - a chunk that begins a block
 * @returns the frame; `undefined` for anything else, which then goes to the parser
 */
function wholeFrame(text: string): Frame | undefined {
  const endOfName = text.startsWith(EVENT) ? text.indexOf('\n') : -1;
  const startOfData = endOfName + 1 + DATA.length;
  const end = text.length - 2;
  if (!text.startsWith(DATA, endOfName + 1) || !text.endsWith('\n\n')) return undefined;
  if (text.indexOf('\n', startOfData) !== end || text.includes('\r') || endOfName === EVENT.length) {
    return undefined;
  }
  const data = text.slice(startOfData, end);
  return endOfName === -1 ? { data } : { event: text.slice(EVENT.length, endOfName), data };
}
