import type { ObservableInput } from 'rxjs';
import type { ErrorEvent, StreamEvent } from '../events/event.js';

/** A piece of a stream as the network cut it: anywhere, even in the middle of a character. */
export type Chunk = Uint8Array | string;

/** Where chunks come from: a single one or many. Node's `Readable` is an async iterable. */
export type ChunkSource = Chunk | ReadableStream<Chunk> | AsyncIterable<Chunk> | ObservableInput<Chunk>;

/** Receives events until it is closed. */
export interface EventSink {
  readonly closed: boolean;
  next(event: StreamEvent): void;
}

/** Hides the credentials that what is said of a request may repeat. */
export interface Masking {
  /** Copies an `error` event with all its texts masked. */
  event(event: ErrorEvent): ErrorEvent;
  /** Copies a StreamError with its texts and those of its causes masked. Any other error passes. */
  error(error: unknown): unknown;
}

/** Turns the chunks of one stream into events, or into the error that the stream fails with. */
export interface ChunkReader {
  /** Whether a terminal event has come and no message has begun since: the rest of the body says nothing. */
  readonly hasEnded: boolean;
  next(chunk: Chunk, sink: EventSink): void;
  end(sink: EventSink): void;
  /** Called when the source fails. Throws if what has arrived says more than that failure. */
  interrupted(): void;
}
