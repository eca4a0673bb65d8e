import type { OperatorFunction } from 'rxjs';
import type { StreamError } from '../errors/streamError.js';
import { transformWith } from '../rx/transform.js';
import type { Frame, Unpacker } from './frame.js';
import type { WireLimits } from './limits.js';
import { ChunkDecoder, piecesOf } from './text.js';

/** What a framer finds: frames, and what no frame may say, if it is asked for that. */
export interface Found extends Frame {
  /** Set for lines that are passed over, because they begin with no field that the standard knows. */
  readonly isStray?: true | undefined;
}

/** Whether this is something that is passed over. */
export function isStray(found: Found): boolean {
  return found.isStray === true;
}

/** Cuts the text of one stream into frames. Synchronous and without rxjs; it holds the state of one subscription. */
export interface Framer {
  /** @returns the frames that this text finishes, in order: often one, possibly none */
  next(text: string): readonly Found[];
  /** @returns the frame that the end of the stream cut off, marked as `unterminated`; possibly none */
  end(): readonly Found[];
  /** Why it cannot go on. The frames returned with it come first. */
  readonly failure: StreamError | undefined;
  /** Whether nothing that came before affects the next frame. */
  readonly isBetween: boolean;
  /** How long the server asks to wait before the stream is asked for again, in ms: what it said last. */
  readonly retryMs?: number | undefined;
}

/**
 * Lifts a framer into an operator. Each subscription has a framer of its own.
 *
 * @param start - makes a fresh framer
 * @param limits - `bytes`, the limit of all chunks together
 * @param unpacker - makes what turns chunks into text
 * @returns an operator that raises the framer's failure after the frames found before it
 */
export function toFrames(
  start: () => Framer,
  { bytes }: WireLimits,
  unpacker: () => Unpacker = () => new ChunkDecoder(bytes),
): OperatorFunction<Uint8Array | string, Frame> {
  return transformWith<Uint8Array | string, Frame>(() => {
    const decoder = unpacker();
    const framer = start();
    const read = (frames: readonly Frame[], emit: (frame: Frame) => void): void => {
      for (const frame of frames) emit(frame);
      const failure = framer.failure ?? decoder.failure;
      if (failure) throw failure;
    };
    return {
      next(chunk, emit) {
        for (const piece of piecesOf(chunk)) read(framer.next(decoder.next(piece)), emit);
      },
      complete(emit) {
        read(framer.next(decoder.end()), emit);
        read(framer.end(), emit);
      },
    };
  });
}
