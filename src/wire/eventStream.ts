import type { OperatorFunction } from 'rxjs';
import { EventStreamCodec, type MessageHeaders } from '@smithy/core/event-streams';
import { StreamError } from '../errors/streamError.js';
import type { Frame, Unpacker } from './frame.js';
import { frameTooLong, WIRE_LIMITS, type WireLimits } from './limits.js';
import { SseFramer } from './sse.js';
import { toFrames } from './stage.js';
import { ChunkDecoder } from './text.js';
import { sseText } from './write.js';

/** The lengths and the checksums of a frame, in bytes: no frame is shorter. */
const SHORTEST = 16;

const utf8 = new TextEncoder();
const utf8Text = new TextDecoder();
const codec = new EventStreamCodec(
  (bytes: unknown) => utf8Text.decode(bytes as Uint8Array),
  (text) => utf8.encode(text),
);

/**
 * Cuts AWS event streams, `application/vnd.amazon.eventstream`, into frames: `event` is the `:event-type`, `data` the body.
 * An exception has its `:exception-type` as `event`, and an error is a frame named `error`.
 *
 * ```ts
 * import { from } from 'rxjs';
 * import { decode } from 'rxjs-llm-stream';
 * import { bedrockConverse, eventStream, eventStreamBytes } from 'rxjs-llm-stream/bedrock';
 *
 * const frame = { event: 'contentBlockDelta', data: '{"contentBlockIndex":0,"delta":{"text":"Hi"}}' };
 * from([eventStreamBytes(frame)]).pipe(eventStream(), decode(bedrockConverse)).subscribe(console.log);
 * ```
 *
 * @param limits - `frame`, the most bytes of one frame, and `bytes`, the most of the whole stream
 * @returns an operator from chunks of bytes to frames
 * @throws StreamError `malformed`, retryable, for a frame with a wrong checksum or a length below 16; `limit`; `truncated`
 *   where the stream ends inside a frame
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/RESTSelectObjectAppendix.html
 */
export function eventStream(limits: WireLimits = {}): OperatorFunction<Uint8Array | string, Frame> {
  return toFrames(
    () => new SseFramer(limits.frame),
    limits,
    () => new EventStreamUnpacker(limits),
  );
}

/**
 * Writes a frame as an AWS event stream has it, which {@link eventStream} reads as that frame again.
 *
 * @param frame - its `event` is the type of the event; one that ends in `Exception` is an exception
 * @returns the bytes
 */
export function eventStreamBytes({ data, event = 'message' }: Frame): Uint8Array {
  const isException = event.endsWith('Exception');
  const headers = {
    [isException ? ':exception-type' : ':event-type']: event,
    ':content-type': 'application/json',
    ':message-type': isException ? 'exception' : 'event',
  };
  const typed = Object.entries(headers).map(([name, value]) => [name, { type: 'string', value }] as const);
  return codec.encode({ headers: Object.fromEntries(typed), body: utf8.encode(data) });
}

/**
 * Makes text of AWS event streams: each frame as one message of a server-sent event stream. So all that reads such streams,
 * and bounds them, reads these too. A body that does not begin as an AWS event stream passes as UTF-8: it may be an error
 * document. It holds the state of one subscription.
 */
export class EventStreamUnpacker implements Unpacker {
  failure: StreamError | undefined;
  readonly #text: ChunkDecoder;
  readonly #frame: number;
  readonly #bytes: number;
  #room: number;
  #isText: boolean | undefined;
  #held: Uint8Array[] = [];
  #size = 0;
  /** How many bytes must be there before it is worth looking: those of a length, or of a frame. */
  #needed = 4;

  /** @param limits - the most bytes of one frame and of the whole stream */
  constructor({ bytes = WIRE_LIMITS.bytes, frame = WIRE_LIMITS.frame }: WireLimits) {
    this.#text = new ChunkDecoder(bytes);
    this.#bytes = this.#room = bytes;
    this.#frame = frame;
  }

  next(chunk: Uint8Array | string): string {
    // No frame is so long that its length does not begin with a zero.
    this.#isText ??= typeof chunk === 'string' || (chunk.length > 0 ? chunk[0] !== 0 : undefined);
    if (this.#isText !== false || typeof chunk === 'string') return this.#asText(chunk);
    const allowed = chunk.length > this.#room ? chunk.subarray(0, this.#room) : chunk;
    this.#room -= chunk.length;
    const text = this.#unpack(allowed);
    if (this.#room < 0)
      this.failure ??= new StreamError(
        'limit',
        `The stream is longer than ${this.#bytes} bytes (limit: bytes)`,
      );
    return text;
  }

  /** @returns for a frame that was cut off a field that was cut off, which the framer reports */
  end(): string {
    return this.#size > 0 && this.failure === undefined ? 'event' : this.#text.end();
  }

  #asText(chunk: Uint8Array | string): string {
    const text = this.#text.next(chunk);
    this.failure = this.#text.failure;
    return text;
  }

  #unpack(chunk: Uint8Array): string {
    this.#held.push(chunk);
    this.#size += chunk.length;
    if (this.#size < this.#needed) return '';
    const all = joined(this.#held, this.#size);
    const view = new DataView(all.buffer, all.byteOffset, all.length);
    let text = '';
    let at = 0;
    this.#needed = 4;
    while (all.length - at >= 4) {
      const length = view.getUint32(at);
      if (length < SHORTEST)
        this.failure = damaged(
          `A frame says that it has ${length} bytes, and none has less than ${SHORTEST}`,
        );
      else if (length > this.#frame) this.failure = frameTooLong(this.#frame);
      if (this.failure !== undefined) return text;
      this.#needed = length;
      if (all.length - at < length) break;
      try {
        text += sseText(frameOf(all.subarray(at, at + length)));
      } catch (cause) {
        this.failure = damaged('A frame was damaged on the way', cause);
        return text;
      }
      this.#needed = 4;
      at += length;
    }
    this.#held = at < all.length ? [all.subarray(at)] : [];
    this.#size = all.length - at;
    return text;
  }
}

function frameOf(bytes: Uint8Array): Frame {
  const { headers, body } = codec.decode(bytes);
  const data = utf8Text.decode(body);
  switch (headerOf(headers, ':message-type')) {
    case 'exception': {
      const type = headerOf(headers, ':exception-type');
      // Codecs know an exception by how its name ends.
      return type.endsWith('Exception')
        ? { event: type, data }
        : { event: 'error', data: JSON.stringify({ ...bodyOf(data), type }) };
    }
    case 'error': {
      const type = headerOf(headers, ':error-code');
      return { event: 'error', data: JSON.stringify({ type, message: headerOf(headers, ':error-message') }) };
    }
    default:
      return { event: headerOf(headers, ':event-type'), data };
  }
}

/** What an exception holds, which need not be JSON. */
function bodyOf(data: string): object {
  try {
    const body: unknown = JSON.parse(data);
    if (typeof body === 'object' && body !== null) return body;
  } catch {
    // Its words are all there is.
  }
  return { message: data };
}

function headerOf(headers: MessageHeaders, name: string): string {
  const value: unknown = headers[name]?.value;
  return typeof value === 'string' ? value : '';
}

function damaged(message: string, cause?: unknown): StreamError {
  return new StreamError('malformed', message, { retryable: true, cause });
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const [first = new Uint8Array()] = chunks;
  if (chunks.length === 1) return first;
  const all = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}
