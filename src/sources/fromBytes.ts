import { asyncScheduler, from, Observable, Subscriber, type Observer } from 'rxjs';
import type { Codec } from '../codecs/codec.js';
import { requireCodec } from '../codecs/requireCodec.js';
import { streamErrorOf } from '../errors/streamError.js';
import type { StreamEvent } from '../events/event.js';
import { LONGEST_TIMER } from '../fold/pace/retryWait.js';
import type { Gate } from '../rx/gate.js';
import type { Chunk, ChunkReader, ChunkSource, Masking } from './chunk.js';
import type { DrainLimits } from './limits.js';
import { EventReader, type ReadOptions } from './eventReader.js';
import { sourceFailure } from './failure.js';
import { isPulled, pulledFrom, type Pulled } from './pulled.js';

/** Options of {@link fromBytes}. */
export interface FromBytesOptions extends ReadOptions {
  /** The protocol of the stream, such as `anthropic` of `rxjs-llm-stream/anthropic`. */
  readonly codec: Omit<Codec, 'encoder'>;
  /**
   * While it is closed no chunk is read, so that a client who does not read costs no memory. It holds up what gives a chunk
   * when it is asked, a response, a `ReadableStream` or an async iterable; an Observable of chunks goes its own pace.
   */
  readonly gate?: Gate | undefined;
}

/**
 * Reads a stream of bytes or text as events: from a `ReadableStream`, a Node `Readable`, any async iterable, an
 * Observable, or chunks in memory.
 *
 * ```ts
 * import { createReadStream } from 'node:fs';
 * import { fromBytes, textDeltas } from 'rxjs-llm-stream';
 * import { anthropic } from 'rxjs-llm-stream/anthropic';
 *
 * fromBytes(createReadStream('answer.sse'), { codec: anthropic })
 *   .pipe(textDeltas())
 *   .subscribe((text) => process.stdout.write(text));
 * ```
 *
 * Subscribing starts the reading, and each chunk is read only after the one before it was taken. Unsubscribing cancels
 * the source at once, and after a terminal event once the rest has run out: see `drain`. A second subscription reads again
 * if the source can be read again, as an Observable or an array can.
 *
 * A last event that no blank line ends is delivered if it can be read. A stream that stops between two events completes
 * here; put `untilTerminal()` after it to learn whether the answer was finished.
 *
 * An error that stands between the frames is an `error` event too: a field `error:`, or a line of JSON that plainly is one.
 * Other lines that no field begins are passed over and reported to `onSkip`.
 *
 * It knows of no request, so it masks no credential that a server repeats, as `fromResponse` and `streamEvents` do.
 *
 * @param source - the chunks
 * @param options - the codec, its policies, `limits` in characters (UTF-16 units), bytes and numbers, and `drain` in ms and
 *   bytes
 * @returns a cold Observable of events
 * @throws StreamError `malformed`, `limit`; `truncated` when the source ends inside an event; `api` for an error document;
 *   `not-a-stream` for a page, another document, gzip or words instead of events, or for a `ReadableStream` that was read
 *   before; `network` when the connection breaks; `source` for any other failure of the source
 */
export function fromBytes(source: ChunkSource, options: FromBytesOptions): Observable<StreamEvent> {
  const codec = requireCodec(options);
  return new Observable((subscriber) => {
    readInto(subscriber, source, new EventReader(codec, options), { ...options.drain, gate: options.gate });
  });
}

/** How a source is read and left. */
export interface Reading extends DrainLimits {
  /** Hides the credentials that an error shows, where there was a request. */
  readonly masking?: Masking | undefined;
  /** Ends the request, where there is one that the source itself cannot end. */
  readonly abort?: (() => void) | undefined;
  /** While it is closed no chunk is asked for. */
  readonly gate?: Gate | undefined;
}

/** The default {@link DrainLimits}. */
const DRAIN = { ms: 250, bytes: 64 * 1024 } as const;

/**
 * Reads chunks into a subscriber until the chunks or the subscriber end. If the subscriber ends after a terminal event, the
 * rest of the chunks runs out first, within bounds, and is thrown away.
 *
 * @param subscriber - gets the events; its end cancels the source
 * @param source - the chunks
 * @param reader - a fresh one
 * @param reading - how the source is read and left
 */
export function readInto(
  subscriber: Subscriber<StreamEvent>,
  source: ChunkSource,
  reader: ChunkReader,
  reading: Reading,
): void {
  const intake = new Intake(subscriber, reader, reading);
  const { chunks } = intake;
  try {
    if (isPulled(source)) pull(intake, pulledFrom(source), reading.gate);
    else
      from(source instanceof Uint8Array || typeof source === 'string' ? [source] : source).subscribe(chunks);
  } catch (error) {
    chunks.error(error);
  }
}

/** Takes the chunks of one subscription. */
class Intake implements Observer<Chunk> {
  readonly chunks = new Subscriber<Chunk>(this);
  readonly #subscriber: Subscriber<StreamEvent>;
  readonly #reader: ChunkReader;
  readonly #reading: Reading;
  #hasSourceEnded = false;
  /** How many bytes more may run out; `undefined` while the subscriber listens. */
  #room: number | undefined;

  constructor(subscriber: Subscriber<StreamEvent>, reader: ChunkReader, reading: Reading) {
    this.#subscriber = subscriber;
    this.#reader = reader;
    this.#reading = reading;
    if (reading.abort) this.chunks.add(() => this.#hasSourceEnded || reading.abort?.());
    // Added before it subscribes, so that a synchronous source sees when its subscriber ends.
    subscriber.add(() => this.#leave());
  }

  /** Whether the subscriber has gone, and the rest is thrown away. */
  get isRunningOut(): boolean {
    return this.#room !== undefined;
  }

  next(chunk: Chunk): void {
    if (this.#room !== undefined) {
      if (!((this.#room -= chunk.length) > 0)) this.chunks.unsubscribe();
      return;
    }
    try {
      this.#reader.next(chunk, this.#subscriber);
    } catch (error) {
      this.#fail(streamErrorOf(error));
    }
  }

  error(error: unknown): void {
    this.#end(() => this.#reader.interrupted());
    this.#fail(sourceFailure(error, 'The connection broke while the stream was read'));
  }

  complete(): void {
    this.#end(() => this.#reader.end(this.#subscriber));
    this.#subscriber.complete();
  }

  /** The subscriber has gone. */
  #leave(): void {
    const { ms = DRAIN.ms, bytes = DRAIN.bytes } = this.#reading;
    if (this.#hasSourceEnded) return;
    if (!this.#reader.hasEnded || !(ms > 0)) {
      this.chunks.unsubscribe();
      return;
    }
    this.#room = bytes;
    this.chunks.add(asyncScheduler.schedule(() => this.chunks.unsubscribe(), Math.min(ms, LONGEST_TIMER)));
  }

  #end(step: () => void): void {
    this.#hasSourceEnded = true;
    try {
      if (this.#room === undefined) step();
    } catch (error) {
      this.#fail(streamErrorOf(error));
    }
  }

  #fail(error: unknown): void {
    const { masking } = this.#reading;
    this.#subscriber.error(masking ? masking.error(error) : error);
  }
}

/** Reads a source chunk by chunk, while the gate is open. */
function pull(intake: Intake, source: Pulled, gate: Gate | undefined): void {
  const { chunks } = intake;
  let done = false;
  chunks.add(() => {
    if (!done) source.cancel();
  });
  let isOpen = gate === undefined;
  let goOn: (() => void) | undefined;
  const turn = (open: boolean): void => {
    if ((isOpen = open)) goOn?.();
  };
  chunks.add(
    gate?.subscribe({
      next: turn,
      error: (error: unknown) => chunks.error(error),
      // It is never closed again.
      complete: () => turn(true),
    }),
  );
  const run = async (): Promise<void> => {
    try {
      while (!chunks.closed) {
        // What runs out behind the end is thrown away, so it waits for nobody.
        if (!isOpen && !intake.isRunningOut) await new Promise<void>((resolve) => (goOn = resolve));
        const result = await source.next();
        if (chunks.closed) return;
        if (result.done) break;
        chunks.next(result.value);
      }
      done = true;
      chunks.complete();
    } catch (error) {
      done = true;
      chunks.error(error);
    }
  };
  void run();
}
