import type { Codec, Decoder } from '../codecs/codec.js';
import { policed, type DecodeOptions } from '../codecs/policed.js';
import { StreamError } from '../errors/streamError.js';
import type { StreamEvent } from '../events/event.js';
import type { Frame } from '../wire/frame.js';
import { NdjsonFramer } from '../wire/ndjson.js';
import { SseFramer } from '../wire/sse.js';
import type { Framer } from '../wire/stage.js';
import { ChunkDecoder } from '../wire/text.js';
import type { Chunk, ChunkReader, EventSink } from './chunk.js';
import { DocumentReader, notAStream } from './document.js';
import { allLimits, exceeded, type AllLimits, type StreamLimits } from './limits.js';
import { MessageMeter } from './messageMeter.js';

/** How the bytes of a stream are read: what to do with unknown and malformed events, and how much there may be. */
export interface ReadOptions extends Omit<DecodeOptions, 'depth'> {
  /** How long, deep and many the parts of the stream may be. */
  readonly limits?: StreamLimits | undefined;
}

/**
 * Chunks to events in one step, for a source that pushes: the same framing and decoding that `sse()`, `ndjson()` and
 * `decode()` pipe, without a subscription for each chunk. It holds the state of one subscription.
 */
export class EventReader implements ChunkReader {
  readonly #text = new ChunkDecoder();
  readonly #framer: Framer;
  readonly #decoder: Decoder;
  readonly #isSse: boolean;
  readonly #limits: AllLimits;
  readonly #meter: MessageMeter;
  #bytes = 0;
  #sniffed = false;
  #document: DocumentReader | undefined;

  /**
   * @param codec - the protocol to read
   * @param options - policies and limits
   */
  constructor(codec: Codec, options: ReadOptions = {}) {
    this.#limits = allLimits(options.limits);
    this.#meter = new MessageMeter(this.#limits);
    const { frame } = this.#limits;
    this.#isSse = codec.framing === 'sse';
    this.#framer = this.#isSse ? new SseFramer(frame, 'emit') : new NdjsonFramer(frame);
    this.#decoder = policed(codec, { ...options, depth: this.#limits.depth });
  }

  /**
   * Hands on the events that this chunk finishes; of a chunk that is too long, those within the limit.
   *
   * @throws StreamError as the codec says; `limit`; `not-a-stream` for a document instead of a stream
   */
  next(chunk: Chunk, sink: EventSink): void {
    const room = this.#limits.bytes - this.#bytes;
    const size = typeof chunk === 'string' ? chunk.length : chunk.byteLength;
    this.#bytes += size;
    if (size > room) {
      this.#read(this.#text.next(chunk.slice(0, room)), sink);
      throw exceeded('bytes', this.#limits);
    }
    this.#read(this.#text.next(chunk), sink);
  }

  /**
   * Hands on the events that the end finishes. A last event that nothing ended counts if it can be read.
   *
   * @throws StreamError `truncated` for a last event that was cut; `not-a-stream`
   */
  end(sink: EventSink): void {
    this.#read(this.#text.end(), sink);
    this.#document?.end();
    for (const frame of this.#framer.end()) this.#emit(this.#decodeLast(frame), sink);
    this.#raiseFailure();
    this.#emit(this.#decoder.end(), sink);
  }

  interrupted(): void {
    this.#document?.interrupted();
  }

  #read(text: string, sink: EventSink): void {
    if (!this.#sniffed) this.#sniff(text);
    if (this.#document !== undefined) {
      this.#document.next(text);
      return;
    }
    for (const frame of this.#framer.next(text)) {
      if (sink.closed) return;
      this.#emit(this.#decoder.next(frame), sink);
    }
    this.#raiseFailure();
  }

  /** A limit goes by the name that it was set by. */
  #raiseFailure(): void {
    const { failure } = this.#framer;
    if (failure !== undefined) throw failure.code === 'limit' ? exceeded('frame', this.#limits) : failure;
  }

  #emit(events: readonly StreamEvent[], sink: EventSink): void {
    for (const event of events) {
      if (sink.closed) return;
      this.#meter.count(event);
      sink.next(event);
    }
  }

  #decodeLast(frame: Frame): readonly StreamEvent[] {
    try {
      return this.#decoder.next(frame);
    } catch (error) {
      if (!(error instanceof StreamError) || error.code !== 'malformed') throw error;
      throw new StreamError('truncated', 'The stream ended inside an event', { raw: frame.data });
    }
  }

  /** No field of an event stream, and no line of JSON, begins like a page; no field begins like JSON. */
  #sniff(text: string): void {
    const first = text.trimStart()[0];
    if (first === undefined) return;
    this.#sniffed = true;
    if (first === '<' || (this.#isSse && (first === '{' || first === '['))) {
      this.#document = new DocumentReader(notAStream);
    }
  }
}
