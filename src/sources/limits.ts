import { StreamError } from '../errors/streamError.js';
import { MAX_FRAME_LENGTH } from '../wire/stage.js';

/**
 * How much of a stream is taken at most. The defaults are far beyond what providers send; `Infinity` lifts a limit. To
 * exceed one is an error `limit` that names it, after all the events before.
 */
export interface StreamLimits {
  /** Bytes of the body as it is read, after decompression; of chunks that are text, UTF-16 units. Default 1 Gi. */
  readonly bytes?: number | undefined;
  /**
   * UTF-16 units of one frame: an SSE block with all its lines and line ends, or an NDJSON line. It bounds what is held
   * while a frame is unfinished, so it is the limit of a line too. Default 32 Mi.
   */
  readonly frame?: number | undefined;
  /** Arrays and objects within each other in the JSON of a frame. Default 512. */
  readonly depth?: number | undefined;
  /**
   * UTF-16 units of one content block: all the text in its start, an id and a name too, and what its deltas add. A value
   * that is no text, a number say, counts as one. Default 64 Mi.
   */
  readonly block?: number | undefined;
  /** UTF-16 units of one message: those of its blocks and of tool results. Default 128 Mi. */
  readonly message?: number | undefined;
  /** Content blocks of one message. Default 100,000. */
  readonly blocks?: number | undefined;
}

const MI = 1024 * 1024;

/** All limits, each as it is given or by its default. */
export type AllLimits = { readonly [K in keyof StreamLimits]-?: number };

/** Completes limits by their defaults. */
export function allLimits({
  bytes = 1024 * MI,
  frame = MAX_FRAME_LENGTH,
  depth = 512,
  block = 64 * MI,
  message = 128 * MI,
  blocks = 100_000,
}: StreamLimits = {}): AllLimits {
  return { bytes, frame, depth, block, message, blocks };
}

const EXCEEDED: { readonly [K in Exclude<keyof AllLimits, 'depth'>]: (limit: number) => string } = {
  bytes: (limit) => `The stream is longer than limits.bytes, ${limit}`,
  frame: (limit) => `A frame is longer than limits.frame, ${limit} characters`,
  block: (limit) => `A content block is longer than limits.block, ${limit} characters`,
  message: (limit) => `A message is longer than limits.message, ${limit} characters`,
  blocks: (limit) => `A message has more content blocks than limits.blocks, ${limit}`,
};

/** The failure of a stream that goes beyond a limit. */
export function exceeded(name: keyof typeof EXCEEDED, limits: AllLimits): StreamError {
  return new StreamError('limit', EXCEEDED[name](limits[name]));
}
