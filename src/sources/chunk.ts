import type { ObservableInput } from 'rxjs';
import type { StreamEvent } from '../events/event.js';

/** A piece of a stream as the network cut it. Text may be cut anywhere too, in the middle of a character even. */
export type Chunk = Uint8Array | string;

/** Where chunks come from: one that is whole, or many. Node's `Readable` is an async iterable. */
export type ChunkSource = Chunk | ReadableStream<Chunk> | AsyncIterable<Chunk> | ObservableInput<Chunk>;

/** Receives events, and says whether it wants no more. */
export interface EventSink {
  readonly closed: boolean;
  next(event: StreamEvent): void;
}

/** Turns the chunks of one stream into events, or into the error it fails with. */
export interface ChunkReader {
  next(chunk: Chunk, sink: EventSink): void;
  end(sink: EventSink): void;
  /** Called when the source fails. Throws where what had arrived says more than that failure. */
  interrupted(): void;
}
