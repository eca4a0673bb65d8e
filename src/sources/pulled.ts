import { StreamError } from '../errors/streamError.js';
import type { Chunk, ChunkSource } from './chunk.js';

/** A source that gives each chunk when it is asked. */
export interface Pulled {
  next(): Promise<IteratorResult<Chunk, unknown>>;
  cancel(): void;
}

/** Whether a source is asked for its chunks: a `ReadableStream`, or what is iterated asynchronously. */
export function isPulled(source: ChunkSource): source is ReadableStream<Chunk> | AsyncIterable<Chunk> {
  return isReadableStream(source) || isAsyncIterable(source);
}

/** @throws StreamError `not-a-stream` for a `ReadableStream` that was read before */
export function pulledFrom(source: ReadableStream<Chunk> | AsyncIterable<Chunk>): Pulled {
  return isReadableStream(source) ? read(source) : iterated(source);
}

function isReadableStream(source: ChunkSource): source is ReadableStream<Chunk> {
  return 'getReader' in (Object(source) as object);
}

function isAsyncIterable(source: ChunkSource): source is AsyncIterable<Chunk> {
  return Symbol.asyncIterator in (Object(source) as object);
}

function read(stream: ReadableStream<Chunk>): Pulled {
  if (stream.locked) throw new StreamError('not-a-stream', 'This stream was read before');
  const reader = stream.getReader();
  return {
    next: () => reader.read(),
    cancel: () => void reader.cancel().catch(ignore),
  };
}

function iterated(source: AsyncIterable<Chunk> & { destroy?: () => void }): Pulled {
  const iterator = source[Symbol.asyncIterator]();
  return {
    next: () => iterator.next(),
    cancel() {
      // A generator obeys `return` only after its pending `next`, but a Node stream can be ended at once.
      if (typeof source.destroy === 'function') source.destroy();
      void iterator.return?.().then(ignore, ignore);
    },
  };
}

function ignore(): void {
  // The subscriber is gone, so it no longer matters how the source ends.
}
