import type { OperatorFunction } from 'rxjs';
import type { StreamError } from '../errors/streamError.js';
import type { Frame } from './frame.js';
import { MAX_FRAME_LENGTH, tooLong, toFrames, type Framer, type FramingOptions } from './stage.js';
import { HeldText } from './text.js';

/** Options of {@link ndjson}. */
export type NdjsonOptions = FramingOptions;

/**
 * Cuts newline-delimited JSON into frames, one for each line that is not blank. Lines end in LF or CRLF, also when
 * cut across chunks; the last one needs no end, so nothing is lost. What a line says is left to the codec.
 *
 * ```ts
 * import { from } from 'rxjs';
 * import { ndjson } from 'rxjs-llm-stream';
 *
 * from(['{"done":fal', 'se}\n{"done":true}']).pipe(ndjson()).subscribe(({ data }) => console.log(data));
 * // {"done":false}
 * // {"done":true}
 * ```
 *
 * Bytes are read as UTF-8, what is invalid becomes U+FFFD, and one leading byte order mark is removed. Frames found
 * before a failure are delivered first.
 *
 * @param options - `maxFrameLength`, the most UTF-16 units of one line
 * @returns an operator from chunks (bytes or text) to frames that hold `data` only
 * @throws StreamError `limit` when a line is longer than `maxFrameLength`
 * @see https://github.com/ndjson/ndjson-spec
 */
export function ndjson(options: NdjsonOptions = {}): OperatorFunction<Uint8Array | string, Frame> {
  return toFrames(() => new NdjsonFramer(options.maxFrameLength ?? MAX_FRAME_LENGTH));
}

/** Holds the last line back until it ends. */
export class NdjsonFramer implements Framer {
  failure: StreamError | undefined;
  readonly #held = new HeldText();
  readonly #maxFrameLength: number;

  constructor(maxFrameLength: number) {
    this.#maxFrameLength = maxFrameLength;
  }

  next(text: string): readonly Frame[] {
    const frames: Frame[] = [];
    let start = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
      const line = this.#held.takeWith(text.slice(start, end));
      if (!this.#allows(line.length)) return frames;
      if (!isBlank(line)) frames.push({ data: line.endsWith('\r') ? line.slice(0, -1) : line });
      start = end + 1;
    }
    this.#held.push(text.slice(start));
    this.#allows(this.#held.length);
    return frames;
  }

  end(): readonly Frame[] {
    const line = this.#held.takeWith('');
    return isBlank(line) ? [] : [{ data: line }];
  }

  #allows(length: number): boolean {
    if (length > this.#maxFrameLength) this.failure = tooLong(this.#maxFrameLength);
    return this.failure === undefined;
  }
}

/** Only JSON's own whitespace counts: `trim` would also swallow a stray byte order mark, which is no JSON. */
function isBlank(line: string): boolean {
  return !/[^ \t\r]/.test(line);
}
