import type { ReadingHalf } from '../codecs/codec.js';
import { namedBy } from '../codecs/named.js';
import { policed, type DecodeOptions } from '../codecs/policed.js';
import type { StreamEvent } from '../events/event.js';
import { MessageMeter } from '../fold/order/messageMeter.js';
import type { Unpacker } from '../wire/frame.js';
import { NdjsonFramer } from '../wire/ndjson.js';
import { SseFramer, type SseOptions } from '../wire/sse.js';
import type { LongWay, ShortWay } from '../wire/shortWay.js';
import type { Found, Framer } from '../wire/stage.js';
import { ChunkDecoder, PIECE, piecesOf } from '../wire/text.js';
import type { Chunk, ChunkReader, EventSink, Masking } from './chunk.js';
import type { Cursor } from './cursor.js';
import { DocumentReader, notAStream } from './document.js';
import { isDocument } from './firstBytes.js';
import type { DrainLimits, StreamLimits } from './limits.js';
import { Outlook } from './outlook.js';
import { Strays } from './strays.js';

/** How a stream is read: what to do with unknown and malformed events, and how much is allowed. */
export interface ReadOptions extends Omit<DecodeOptions, 'depth' | 'block'> {
  /** How long, how deep and how many the parts of the stream may be. */
  readonly limits?: StreamLimits | undefined;
  /**
   * The comments of an event stream, which some servers keep the connection alive with: `skip` them, or emit each as a
   * `ping`, so that `streamTimeout` and everything else that knows pings sees them. Default `skip`.
   */
  readonly comments?: SseOptions['comments'];
  /** How much of a body is let run out when nobody reads on after its terminal event, before it is cut off. */
  readonly drain?: DrainLimits | undefined;
}

/** No frame is longer that is read the short way: it is a piece of a chunk, and what was held of it. */
const LONGEST_MATCH = 2 ** 15;

/**
 * Turns chunks into events in one step: what `sse()` or `ndjson()`, `decode()` and `limitMessages()` do one after the
 * other, without a subscription for each chunk. Besides, it looks at how the body begins, and at what stands between the
 * frames. It holds the state of one subscription.
 */
export class EventReader implements ChunkReader, LongWay {
  #text!: Unpacker;
  framer!: Framer;
  readonly #decoder: ReturnType<typeof policed<StreamEvent>>;
  readonly #meter: MessageMeter;
  readonly #masking: Masking | undefined;
  readonly #codec: ReadingHalf;
  readonly #options: ReadOptions;
  /** Set while what is missing may be asked for. */
  #cursor: Cursor | undefined;
  #isSuspect = false;
  /** Whether the last body ended inside a frame. */
  #isCut = false;
  /** The beginning of the body while it is not known what it is; `undefined` once that is known. */
  #head: string | undefined = '';
  #document: DocumentReader | undefined;
  readonly #strays: Strays;
  readonly #short: ShortWay | undefined;
  #sink!: EventSink;
  #hasSpoken = false;
  readonly #outlook = new Outlook();

  /**
   * @param codec - the protocol to read
   * @param options - policies and limits
   * @param masking - hides the credentials that `error` events repeat
   * @param cursor - where the reader stands, if it goes on over several connections
   */
  constructor(codec: ReadingHalf, options: ReadOptions, masking?: Masking, cursor?: Cursor) {
    const { limits = {} } = options;
    this.#codec = codec;
    this.#options = options;
    this.#cursor = cursor;
    this.#decoder = policed(codec, { ...options, depth: limits.depth, block: limits.block });
    this.#meter = new MessageMeter(limits);
    // What is read the short way is not measured, and nobody could tell whether it comes again.
    if (cursor === undefined && (limits.frame ?? Infinity) >= LONGEST_MATCH)
      this.#short = codec.shortWay?.(codec.framing);
    this.#masking = masking;
    this.#strays = new Strays(codec.name, options.onSkip);
    this.open(false);
  }

  /**
   * Begins to read a body. What the one before was cut off in is dropped.
   *
   * @param isSuspect - whether the body calls itself a document
   */
  open(isSuspect: boolean): this {
    const { limits = {}, comments } = this.#options;
    this.#text = this.#codec.unpacker?.(limits) ?? new ChunkDecoder(limits.bytes);
    this.framer =
      this.#codec.framing === 'ndjson'
        ? new NdjsonFramer(limits.frame)
        : new SseFramer(limits.frame, true, comments);
    this.#isSuspect = isSuspect;
    this.#head = '';
    this.#document = undefined;
    this.#strays.clear();
    return this;
  }

  /**
   * Emits the events that this chunk finishes. Of a chunk that is too long, it emits those within the limit.
   *
   * @throws StreamError `not-a-stream` for a document instead of a stream, `api` if it is an error document; `limit`;
   *   what the codec throws
   */
  next(chunk: Chunk, sink: EventSink): void {
    this.#sink = sink;
    // Nearly every chunk is one event.
    if (chunk.length <= PIECE) this.#read(chunk);
    else for (const piece of piecesOf(chunk)) if (!sink.closed) this.#read(piece);
  }

  #read(piece: Chunk): void {
    const text = this.#text.next(piece);
    if (this.#short) this.#short.read(text, this);
    else this.readLong(text);
    if (this.#text.failure) throw this.#text.failure;
  }

  readLong(text: string): void {
    if (this.#head !== undefined) this.#look(text);
    else if (this.#document === undefined) this.#frame(text);
    else this.#document.next(text);
  }

  again(piece: string, length: number): void {
    this.#emit(this.#decoder.again(piece, length));
  }

  /**
   * Emits the events that the end of the stream finishes.
   *
   * @throws StreamError `truncated` for a last event that was cut; `not-a-stream`, `api`
   */
  end(sink: EventSink): void {
    this.#sink = sink;
    this.#short?.end(this);
    this.readLong(this.#text.end());
    if (this.#head !== undefined && this.#isSuspect) this.#begin(true);
    this.#document?.end();
    const cutOff = this.framer.end();
    // What was cut off comes again.
    this.#isCut =
      this.#cursor?.canResume === true && (cutOff.length > 0 || this.framer.failure !== undefined);
    if (!this.isOver) return;
    const { hasEnded } = this;
    this.#decode(cutOff);
    if (!this.hasEnded) this.#fail(this.#strays.lastWords(this.#hasSpoken));
    // What the cut event would have said is of no account if the server has said what went wrong.
    if (this.framer.failure && this.hasEnded === hasEnded) throw this.framer.failure;
    this.#emit(this.#decoder.end());
    // An answer says something. What goes on with one looks at the end of each connection itself.
    if (!this.#hasSpoken && this.#masking && !this.#cursor) throw notAStream('');
  }

  interrupted(): void {
    this.#document?.interrupted();
  }

  get hasEnded(): boolean {
    return this.#outlook.hasEnded;
  }

  /** Whether nothing follows that could be asked for. */
  get isOver(): boolean {
    const cursor = this.#cursor;
    return !cursor?.canResume || (!this.#isCut && !cursor.isHolding && this.#outlook.isOver);
  }

  /** Ends the answer as it stands: nobody is asked for more. */
  finish(sink: EventSink): void {
    this.#sink = sink;
    const held = this.#cursor?.release() ?? [];
    this.#cursor = undefined;
    this.#decode(held);
    this.#emit(this.#decoder.end());
  }

  /** How long the server asks to wait before it is asked again, in ms. */
  get retryMs(): number | undefined {
    return this.framer.retryMs;
  }

  /** Looks at the beginning until it shows what the body is. What only blank text came before needs not be kept. */
  #look(text: string): void {
    this.#head = `${this.#head ?? ''}${text}`;
    const found = isDocument(this.#head, this.#codec.framing, this.#isSuspect);
    if (found !== undefined) this.#begin(found);
    else if (!this.#isSuspect) {
      this.#head = '';
      this.#frame(text);
    }
  }

  #begin(isDocument: boolean): void {
    const head = this.#head ?? '';
    this.#head = undefined;
    if (isDocument) this.#document = new DocumentReader(notAStream);
    this.readLong(head);
  }

  #frame(text: string): void {
    this.#decode(this.framer.next(text));
    if (this.framer.failure) throw this.framer.failure;
  }

  #decode(found: readonly Found[]): void {
    for (const frame of found) {
      if (this.#sink.closed) return;
      if (frame.isStray) {
        this.#short?.note(frame, []);
        this.#fail(this.#strays.take(frame));
      } else if (this.#cursor) for (const each of this.#cursor.take(frame)) this.#emitFrame(each);
      else this.#emitFrame(frame);
    }
  }

  #emitFrame(frame: Found): void {
    const emitted = this.#decoder.next(frame);
    this.#short?.note(frame, emitted);
    this.#cursor?.check(emitted);
    this.#emit(namedBy(frame, emitted));
  }

  #emit(emitted: readonly StreamEvent[]): void {
    for (const event of emitted) {
      if (this.#sink.closed) return;
      this.#meter.count(event);
      this.#hasSpoken = true;
      this.#outlook.note(event);
      this.#sink.next(event.type === 'error' ? (this.#masking?.event(event) ?? event) : event);
    }
  }

  /** What stands between the frames may be an error: every codec of SSE reads an event of that name. */
  #fail(data: string | undefined): void {
    if (data !== undefined) this.#emit(this.#decoder.next({ event: 'error', data }));
  }
}
