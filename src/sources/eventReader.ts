import type { Codec, Decoder } from '../codecs/codec.js';
import { policed, type DecodeOptions } from '../codecs/policed.js';
import type { StreamEvent } from '../events/event.js';
import { MessageMeter } from '../fold/order/messageMeter.js';
import type { Frame } from '../wire/frame.js';
import { NdjsonFramer } from '../wire/ndjson.js';
import { SseFramer } from '../wire/sse.js';
import type { Framer } from '../wire/stage.js';
import { ChunkDecoder, piecesOf } from '../wire/text.js';
import type { Chunk, ChunkReader, EventSink } from './chunk.js';
import { DocumentReader, notAStream } from './document.js';
import type { StreamLimits } from './limits.js';

/** How a stream is read: what to do with unknown and malformed events, and how much is allowed. */
export interface ReadOptions extends Omit<DecodeOptions, 'depth' | 'block'> {
  /** How long, how deep and how many the parts of the stream may be. */
  readonly limits?: StreamLimits | undefined;
}

/**
 * Turns chunks into events in one step: what `sse()` or `ndjson()`, `decode()` and `limitMessages()` do one after the
 * other, without a subscription for each chunk. It holds the state of one subscription.
 */
export class EventReader implements ChunkReader {
  readonly #text: ChunkDecoder;
  readonly #framer: Framer;
  readonly #decoder: Decoder;
  readonly #meter: MessageMeter;
  readonly #isSse: boolean;
  #sniffed = false;
  #document: DocumentReader | undefined;

  /**
   * @param codec - the protocol to read
   * @param options - policies and limits
   */
  constructor(codec: Codec, options: ReadOptions = {}) {
    const { limits = {} } = options;
    this.#text = new ChunkDecoder(limits.bytes);
    this.#isSse = codec.framing === 'sse';
    this.#framer = this.#isSse ? new SseFramer(limits.frame) : new NdjsonFramer(limits.frame);
    this.#decoder = policed(codec, { ...options, depth: limits.depth, block: limits.block });
    this.#meter = new MessageMeter(limits);
  }

  /**
   * Emits the events that this chunk finishes. Of a chunk that is too long, it emits those within the limit.
   *
   * @throws StreamError `not-a-stream` for a document instead of a stream; `limit`; what the codec throws
   */
  next(chunk: Chunk, sink: EventSink): void {
    for (const piece of piecesOf(chunk)) {
      if (sink.closed) return;
      this.#read(this.#text.next(piece), sink);
      if (this.#text.failure) throw this.#text.failure;
    }
  }

  /**
   * Emits the events that the end of the stream finishes.
   *
   * @throws StreamError `truncated` for a last event that was cut; `not-a-stream`
   */
  end(sink: EventSink): void {
    this.#read(this.#text.end(), sink);
    this.#document?.end();
    this.#decode(this.#framer.end(), sink);
    this.#emit(this.#decoder.end(), sink);
  }

  interrupted(): void {
    this.#document?.interrupted();
  }

  #read(text: string, sink: EventSink): void {
    if (!this.#sniffed) this.#sniff(text);
    if (this.#document === undefined) this.#decode(this.#framer.next(text), sink);
    else this.#document.next(text);
  }

  #decode(frames: readonly Frame[], sink: EventSink): void {
    for (const frame of frames) {
      if (sink.closed) return;
      this.#emit(this.#decoder.next(frame), sink);
    }
    if (this.#framer.failure) throw this.#framer.failure;
  }

  #emit(events: readonly StreamEvent[], sink: EventSink): void {
    for (const event of events) {
      if (sink.closed) return;
      this.#meter.count(event);
      sink.next(event);
    }
  }

  /** Neither a field of an event stream nor a line of JSON begins like a page, and no field begins like JSON. */
  #sniff(text: string): void {
    const first = text.trimStart()[0];
    if (first === undefined) return;
    this.#sniffed = true;
    if (first === '<' || (this.#isSse && (first === '{' || first === '['))) {
      this.#document = new DocumentReader(notAStream);
    }
  }
}
