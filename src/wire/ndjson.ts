import type { OperatorFunction } from 'rxjs';
import type { StreamError } from '../errors/streamError.js';
import type { Frame } from './frame.js';
import { frameTooLong, WIRE_LIMITS, type WireLimits } from './limits.js';
import { toFrames, type Framer } from './stage.js';
import { HeldText } from './text.js';

/**
 * Cuts newline-delimited JSON into frames, one for each line that is not blank. Lines end in LF or CRLF, and the frames
 * are the same however the network cuts the stream. The codec reads what a line says.
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
 * A last line without a line end is a frame too, marked as `unterminated`, because it may be cut off: `decode` reports
 * `truncated` if it cannot be read. Bytes are read as UTF-8, invalid ones become U+FFFD, and one leading byte order mark
 * is removed. Frames found before a failure are delivered first.
 *
 * A line whose first member is `$id` is a frame with that `id`, and without the member: so {@link ndjsonText} writes one.
 *
 * @param limits - `frame`, the most UTF-16 units of one line, and `bytes`, the most bytes of the whole stream
 * @returns an operator from chunks (bytes or text) to frames that hold `data` and, where the line has one, an `id`
 * @throws StreamError `limit` when a line or the stream is longer than its limit
 * @see https://github.com/ndjson/ndjson-spec
 */
export function ndjson(limits: WireLimits = {}): OperatorFunction<Uint8Array | string, Frame> {
  return toFrames(() => new NdjsonFramer(limits.frame), limits);
}

/** Holds the last line back until it ends. */
export class NdjsonFramer implements Framer {
  failure: StreamError | undefined;
  readonly #held = new HeldText();
  readonly #limit: number;

  constructor(limit: number = WIRE_LIMITS.frame) {
    this.#limit = limit;
  }

  get isBetween(): boolean {
    return this.#held.length === 0;
  }

  next(text: string): readonly Frame[] {
    const frames: Frame[] = [];
    let start = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
      const line = this.#held.takeWith(text.slice(start, end));
      if (!this.#allows(line.length)) return frames;
      if (!isBlank(line)) frames.push(frameOf(line.endsWith('\r') ? line.slice(0, -1) : line));
      start = end + 1;
    }
    this.#held.push(text.slice(start));
    this.#allows(this.#held.length);
    return frames;
  }

  end(): readonly Frame[] {
    const line = this.#held.takeWith('');
    return isBlank(line) ? [] : [{ ...frameOf(line), unterminated: true }];
  }

  #allows(length: number): boolean {
    if (length > this.#limit) this.failure = frameTooLong(this.#limit);
    return this.failure === undefined;
  }
}

/** How a line begins that `ndjsonText` gave an id. */
const ID = /^\{"\$id":"([^"\\]*)"(?:,|(?=\}))/;

function frameOf(line: string): Frame {
  // Nearly every line has none.
  const found = line.startsWith('$', 2) ? ID.exec(line) : null;
  return found ? { data: `{${line.slice(found[0].length)}`, id: found[1] } : { data: line };
}

/** Only JSON's own whitespace counts: `trim` would also remove a stray byte order mark, which is not JSON. */
function isBlank(line: string): boolean {
  // What begins with a letter or a bracket is asked no further: nearly every line.
  return !(line.charCodeAt(0) > 0x20) && !/[^ \t\r]/.test(line);
}
