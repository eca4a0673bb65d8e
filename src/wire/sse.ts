import type { OperatorFunction } from 'rxjs';
import { StreamError } from '../errors/streamError.js';
import type { Frame } from './frame.js';
import { frameTooLong, WIRE_LIMITS, type WireLimits } from './limits.js';
import { isStray, toFrames, type Found, type Framer } from './stage.js';
import { HeldText } from './text.js';

/** Options of {@link sse}. */
export interface SseOptions extends WireLimits {
  /**
   * Comments, which some servers keep the connection alive with: `skip` them, or make a frame named `ping` of each, which
   * every codec reads as a `ping`. Default `skip`.
   */
  readonly comments?: 'skip' | 'ping' | undefined;
}

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
 * @param options - `frame`, the most UTF-16 units of one event, `bytes`, the most bytes of the whole stream, and what
 *   becomes of `comments`
 * @returns an operator from chunks (bytes or text) to frames
 * @throws StreamError `limit` when an event or the stream is longer than its limit; `truncated`, with at most 200
 *   characters of the unfinished event as `raw`, when the stream ends inside an event that has no data yet
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 */
export function sse(options: SseOptions = {}): OperatorFunction<Uint8Array | string, Frame> {
  return toFrames(() => new SseFramer(options.frame, false, options.comments), options);
}

/** Holds the last block back until its blank line, and reads each block once. */
export class SseFramer implements Framer {
  failure: StreamError | undefined;
  retryMs: number | undefined;
  readonly #limit: number;
  readonly #comments: SseOptions['comments'];
  readonly #seesStrays: boolean;
  readonly #held = new HeldText();
  #found: Found[] = [];
  #atLineStart = true;
  #afterCarriageReturn = false;
  #lastEventId = '';
  // What the lines of the present block have said so far.
  #data: string | undefined;
  #event = '';
  #retry: number | undefined;
  #stray: string | undefined;

  /**
   * @param limit - the most UTF-16 units of one block
   * @param seesStrays - whether the lines that no field begins are found too, which the standard passes over
   * @param comments - what becomes of comments
   */
  constructor(limit: number = WIRE_LIMITS.frame, seesStrays = false, comments?: SseOptions['comments']) {
    this.#limit = limit;
    this.#comments = comments;
    this.#seesStrays = seesStrays;
  }

  next(chunk: string): readonly Found[] {
    this.#found = [];
    const text = this.#withLineFeeds(chunk);
    const end = this.#endOfBlocks(text);
    if (end > 0) this.#readBlocks(this.#held.takeWith(text.slice(0, end)));
    if (this.failure === undefined) this.#hold(text.slice(end), end > 0);
    return this.#found;
  }

  end(): readonly Found[] {
    this.#found = [];
    const tail = this.#held.takeWith('');
    this.#readBlocks(`${tail}\n\n`);
    // For some codecs a name without data is an event, such as message_stop.
    const found = this.#found.filter(({ data }) => data !== '');
    if (found.every(isStray) && isLoss(tail)) {
      this.failure ??= new StreamError('truncated', 'The stream ended inside an event', { raw: tail });
    }
    return found.map((frame) => ({ ...frame, unterminated: true }));
  }

  get isBetween(): boolean {
    return this.#held.length === 0 && !this.#afterCarriageReturn && this.#lastEventId === '';
  }

  /**
   * Turns every line end into LF. A CR at the end of a chunk ends its line at once; an LF that follows it is dropped from
   * the next chunk.
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

  /** Reads whole blocks, whose lines end in LF. */
  #readBlocks(text: string): void {
    let block = 0;
    let start = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
      if (end > start) {
        // Nearly every line: what stands in it needs not be looked for.
        if (text.startsWith(DATA, start)) this.#addData(text.slice(start + DATA.length, end));
        else this.#readLine(text.slice(start, end));
      } else if (end >= block + this.#limit) {
        this.failure = frameTooLong(this.#limit);
        return;
      } else {
        this.#dispatch();
        block = end + 1;
      }
      start = end + 1;
    }
  }

  #readLine(line: string): void {
    const colon = line.indexOf(':');
    const value = colon === -1 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    switch (colon === -1 ? line : line.slice(0, colon)) {
      case 'data':
        this.#addData(value);
        break;
      case 'event':
        this.#event = value;
        break;
      case 'id':
        if (!value.includes('\0')) this.#lastEventId = value;
        break;
      case 'retry':
        if (/^\d+$/.test(value)) this.#retry = this.retryMs = Number(value);
        break;
      case '':
        if (this.#comments === 'ping') this.#found.push({ event: 'ping', data: '' });
        break;
      default:
        if (this.#seesStrays) this.#stray = this.#stray === undefined ? line : `${this.#stray}\n${line}`;
    }
  }

  #addData(value: string): void {
    this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`;
  }

  #dispatch(): void {
    if (this.#stray !== undefined) this.#found.push({ data: this.#stray, isStray: true });
    if (this.#data !== undefined) {
      const frame: { -readonly [K in keyof Frame]: Frame[K] } = { data: this.#data };
      if (this.#event !== '') frame.event = this.#event;
      if (this.#lastEventId !== '') frame.id = this.#lastEventId;
      if (this.#retry !== undefined) frame.retry = this.#retry;
      this.#found.push(frame);
    }
    this.#data = this.#retry = this.#stray = undefined;
    this.#event = '';
  }
}

/** Whether a tail holds more than comments, blank lines and reconnection times. */
function isLoss(tail: string): boolean {
  return tail.split('\n').some((line) => !/^(?::|retry:|$)/.test(line));
}

const DATA = 'data: ';
