import type { Codec, Encoder } from '../codecs/codec.js';
import type { StreamEvent } from '../events/event.js';
import { BEGINNING, COUNTED, idOf } from '../events/id.js';
import type { Frame } from '../wire/frame.js';

/**
 * Writes as the codec does, and says with each frame where the client stands then, if the events have ids:
 *
 * - The id of an event stands on its last frame. The frames before it bear the id before it: a client that is cut off among
 *   them resumes before all of them.
 * - What closes the answer bears the id of the last event, where no frame does, and else the next one, as the entry has it
 *   that ends a run. So who has all can be told from who misses that.
 * - What is no part of a run, such as the failure of its reader, bears the id before it; a ping bears none.
 */
export class PlacedEncoder implements Encoder {
  readonly #encoder: Encoder;
  /** What a frame said last. */
  #id: string | undefined;
  /** Of the last event that has one. */
  #own: string | undefined;
  /** Whether nothing more is to come of a run. */
  #isOver = false;

  constructor(codec: Codec) {
    this.#encoder = codec.encoder();
  }

  next(event: StreamEvent): readonly Frame[] {
    const frames = this.#encoder.next(event);
    const own = idOf(event);
    if (own === undefined && event.type === 'ping') return frames;
    if (!event.lane) this.#note(event, own);
    if (own !== undefined) this.#own = own;
    if (own !== undefined && COUNTED.test(own)) this.#id ??= BEGINNING;
    return this.#written(frames, own);
  }

  end(): readonly Frame[] {
    return this.#written(this.#encoder.end(), this.#isOver ? this.#last() : undefined);
  }

  #note({ type }: StreamEvent, own: string | undefined): void {
    if (type === 'message_stop') this.#isOver = true;
    // An error without an id is not of the run, which may go on.
    else if (type === 'error') this.#isOver = own !== undefined;
    else if (type === 'message_start') this.#isOver = false;
  }

  /** Of what closes the answer. */
  #last(): string | undefined {
    if (this.#own !== this.#id) return this.#own;
    const [, epoch, seq] = COUNTED.exec(this.#id ?? '') ?? [];
    return seq === undefined ? this.#own : `${epoch}-${Number(seq) + 1}`;
  }

  #written(frames: readonly Frame[], last: string | undefined): readonly Frame[] {
    if (frames.length === 0) return frames;
    const before = this.#id;
    this.#id = last ?? before;
    // Most answers have no ids.
    if (this.#id === undefined) return frames;
    return frames.map((frame, at) => {
      const id = at < frames.length - 1 ? before : this.#id;
      return id === undefined || frame.id !== undefined ? frame : { ...frame, id };
    });
  }
}
