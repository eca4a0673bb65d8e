import { concat, defer, of, type OperatorFunction } from 'rxjs';
import { StreamError } from '../errors/streamError.js';
import { transform } from '../rx/transform.js';
import type { Frame } from './frame.js';
import { ChunkDecoder } from './text.js';

/** The default of `maxFrameLength`, in UTF-16 units: room for an answer with images in it, yet a bound. */
export const MAX_FRAME_LENGTH = 32 * 1024 * 1024;

/** What the wire operators share. */
export interface FramingOptions {
  /**
   * The most text of one frame, in UTF-16 units: an SSE block with all its lines and line ends, or an NDJSON line.
   * It bounds what is held while a frame is unfinished. Default {@link MAX_FRAME_LENGTH}.
   */
  readonly maxFrameLength?: number | undefined;
}

/** Cuts the text of one stream into frames. Synchronous and without rxjs; it holds the state of one subscription. */
export interface Framer {
  /** @returns the frames that this text finishes, in order; often one, possibly none */
  next(text: string): readonly Frame[];
  /** @returns the frames that the end of the stream finishes */
  end(): readonly Frame[];
  /** Why it cannot go on. It comes after the frames that were returned with it. */
  readonly failure: StreamError | undefined;
}

/**
 * Lifts a framer into an operator. Each subscription starts one of its own.
 *
 * @param start - makes a fresh framer
 * @returns an operator that raises the framer's failure after the frames found before it
 */
export function toFrames(start: () => Framer): OperatorFunction<Uint8Array | string, Frame> {
  return (chunks) =>
    defer(() => {
      const decoder = new ChunkDecoder();
      const framer = start();
      const read = (frames: readonly Frame[], emit: (frame: Frame) => void): void => {
        for (const frame of frames) emit(frame);
        if (framer.failure) throw framer.failure;
      };
      return concat(
        chunks.pipe(
          transform<Uint8Array | string, Frame>((chunk, emit) =>
            read(framer.next(decoder.next(chunk)), emit),
          ),
        ),
        of('end').pipe(
          transform<string, Frame>((_, emit) => {
            read(framer.next(decoder.end()), emit);
            read(framer.end(), emit);
          }),
        ),
      );
    });
}

/** The failure of a frame longer than `maxFrameLength` allows. */
export function tooLong(maxFrameLength: number): StreamError {
  return new StreamError('limit', `A frame is longer than maxFrameLength, ${maxFrameLength} characters`);
}
