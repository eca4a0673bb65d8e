import type { ReadingHalf } from '../codecs/codec.js';
import { StreamError } from '../errors/streamError.js';
import type { StreamEvent } from '../events/event.js';
import { BEGINNING, COUNTED } from '../events/id.js';
import type { Frame } from '../wire/frame.js';
import { frameTooLong, WIRE_LIMITS } from '../wire/limits.js';

/** The protocols that write every event as a frame: a hole in their ids is a loss. */
const WHOLE = /^(?:anthropic|claude-code)$/;

/** No server reads a header that is much longer, in UTF-16 units. */
const LONGEST_ID = 4096;

/**
 * Knows what the reader of a stream has of it, over as many connections as it takes. It belongs to one subscription.
 *
 * - Frames of a run that bear the id of what is there belong to the frame with the next id. They are held until it comes:
 *   a reader that is cut off among them has none of them, and gets all of them again.
 * - Any other id holds for its frame and for those behind it. Those may come again, and are known by what they say.
 */
export class Cursor {
  /** What to ask behind; `undefined` while no id has come. */
  id: string | undefined;
  /** Whether there is somebody to ask, where there is no id. */
  hasAddress = false;
  /** Whether anything was taken since this connection began. */
  hasMoved = false;
  readonly #codec: ReadingHalf;
  readonly #limit: number;
  /** Whether a frame without an id was taken: it would come twice for who asks for all. */
  #isBlind = false;
  /** The last id on this connection. */
  #at: string | undefined;
  #held: Frame[] = [];
  #length = 0;
  /** What the frame says that has the id. */
  #last: string | undefined;
  /** Whether what is held is of a connection that is lost. */
  #isStale = false;
  /** Whether nothing of a run was taken since it was asked for again. */
  #isResumed = false;
  /** What is missing before the next event, unless that begins anew. */
  #hole: string | undefined;
  /** Ids that are not counted. */
  readonly #seen = new Set<string>();
  /** What was taken behind the frame that has the id, and how many of it have come again. */
  #since: string[] = [];
  #again = Infinity;

  /**
   * @param codec - the protocol
   * @param limit - how much may be held, in UTF-16 units
   */
  constructor(codec: ReadingHalf, limit: number = WIRE_LIMITS.frame) {
    this.#codec = codec;
    this.#limit = limit;
  }

  /** Whether all that is missing can be asked for, and nothing comes twice. */
  get canResume(): boolean {
    if (this.id === undefined) return this.hasAddress && !this.#isBlind;
    return this.id.length <= LONGEST_ID;
  }

  /** Whether something of this connection waits for the id that it belongs to. */
  get isHolding(): boolean {
    return this.#held.length > 0 && !this.#isStale;
  }

  /** Another connection begins. */
  reconnect(): void {
    this.hasMoved = false;
    this.#at = undefined;
    this.#again = 0;
    this.#isStale = true;
    this.#isResumed = this.id !== undefined;
  }

  /** @returns what can be read now: the frame, what was held with it, or nothing */
  take(frame: Frame): readonly Frame[] {
    if (this.#isStale) this.release();
    const at = this.#at ?? this.id;
    const { id = at, data } = frame;
    // A comment that stands for a ping.
    if (frame.id === undefined && data === '') return [frame];
    if (id === undefined) {
      this.#isBlind = true;
      return this.#moved(id, [frame]);
    }
    const place = COUNTED.exec(id);
    if (place === null) return this.#isKnown(frame) ? [] : this.#moved(id, [frame]);
    // Lines have their ids for themselves: one without is a ping, and no part of the run.
    if (frame.id === undefined && this.#codec.framing === 'ndjson' && !this.isHolding) return [frame];
    // A server may begin with what is known instead of behind it.
    const isRepeated = this.#at === undefined && id === this.id && data === this.#last;
    this.#at = id;
    if (isRepeated) return [];
    this.#held.push(frame);
    this.#length += data.length;
    if (this.#length > this.#limit) throw frameTooLong(this.#limit);
    return id === at || id === BEGINNING ? [] : this.#group(id, place, at === BEGINNING);
  }

  /**
   * Takes note of the events that a frame became.
   *
   * @throws StreamError `gap` where they stand behind a hole and do not begin anew
   */
  check([first]: readonly StreamEvent[]): void {
    if (this.#hole === undefined || first === undefined) return;
    if (first.type !== 'reset') throw new StreamError('gap', this.#hole);
    this.#hole = undefined;
  }

  /** @returns what is held: nobody waits for it any longer */
  release(): readonly Frame[] {
    const held = this.#held;
    this.#held = [];
    this.#length = 0;
    this.#isStale = false;
    return held;
  }

  #group(id: string, [, epoch, seq]: RegExpExecArray, isAnew: boolean): readonly Frame[] {
    const frames = this.release();
    const [, lastEpoch, lastSeq] = COUNTED.exec(this.id ?? '') ?? [];
    const epochs = Number(epoch) - Number(lastEpoch);
    const step = Number(seq) - (epochs === 0 ? Number(lastSeq) : -1);
    if (epochs < 0 || step <= 0) return [];
    if (this.#isResumed && (isAnew || (step > 1 && WHOLE.test(this.#codec.name))))
      this.#hole = `What follows ${this.id} is missing: what the server sends next is ${id}`;
    this.#isResumed = false;
    this.#last = frames.at(-1)?.data;
    return this.#moved(id, frames);
  }

  /** Whether a frame has come before. */
  #isKnown({ id = this.#at, data }: Frame): boolean {
    if (id !== this.#at) {
      this.#at = id;
      const isKnown = this.#seen.has(id as string);
      this.#again = isKnown ? 0 : Infinity;
      if (!isKnown) this.#since = [];
      this.#seen.add(id as string);
      return isKnown;
    }
    if (id !== undefined && id !== this.id) return true;
    if (this.#since[this.#again] === data) {
      this.#again++;
      return true;
    }
    this.#again = Infinity;
    this.#since.push(data);
    return false;
  }

  #moved(id: string | undefined, frames: readonly Frame[]): readonly Frame[] {
    this.id = id;
    this.hasMoved = true;
    return frames;
  }
}
