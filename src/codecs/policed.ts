import { quoted } from '../errors/quoted.js';
import { cut, StreamError } from '../errors/streamError.js';
import type { Frame } from '../wire/frame.js';
import { nestsDeeper } from './nesting.js';
import { isNoEvent, linesIn, type Passing, type Skip, type SkipKind } from './skip.js';

/** What to do with frames that cannot be read, and how deep the JSON of a frame may nest. */
export interface DecodeOptions {
  /**
   * An event of a type that the codec does not know: `emit` it as an `unknown` event, `skip` it, or raise a
   * `StreamError` `malformed`. Default `emit`.
   */
  readonly unknown?: 'emit' | 'skip' | 'error' | undefined;
  /**
   * A frame that is not JSON, or a known event of the wrong shape: raise a `StreamError` `malformed` with at most 200
   * characters of the frame, or `skip` it. A block that may have lost a piece is given up then, by a `block_abort`. After
   * 2,048 frames that are malformed or failures, and one more for every 64 sound ones, the stream fails with a
   * `StreamError` `limit`. Default `error`.
   */
  readonly malformed?: 'error' | 'skip' | undefined;
  /** How deep arrays and objects may nest in the JSON of a frame. Default 512. */
  readonly depth?: number | undefined;
  /** How much text may be held back until it is clear what it belongs to, in UTF-16 units. Default 64 Mi. */
  readonly block?: number | undefined;
  /**
   * Called with each thing that was passed over, to count or log it. Nothing is logged here. What it throws fails the
   * stream.
   */
  readonly onSkip?: ((skip: Skip) => void) | undefined;
}

/** Each frame that cannot be read costs an exception, so there may be so many, and one more for so many sound ones. */
const MOST_BROKEN = 2_048;
const SOUND_PER_BROKEN = 64;

type UnknownName = { readonly type: 'unknown'; readonly name: string };

/** An event of a protocol, or one of an unknown type. */
type AnyEvent = { readonly type: string } | UnknownName;

interface Reader<E> {
  next(frame: Frame): readonly E[];
  again(piece: string, length: number): readonly E[];
  end(): readonly E[];
}

interface UnpolicedReader<E> extends Pick<Reader<E>, 'next' | 'end'>, Partial<Pick<Reader<E>, 'again'>> {
  lose?(frame: Frame, reason: string): void;
  readonly held?: number;
}

interface Spelling<E> {
  readonly name: string;
  readonly passes?: ReadonlySet<string>;
  readonly terminator?: string;
  decoder(pass?: Passing, depth?: number): UnpolicedReader<E>;
}

/** Makes a decoder that obeys the policies, for one subscription. All that read frames take their decoders from here. */
export function policed<E extends AnyEvent>(codec: Spelling<E>, options: DecodeOptions = {}): Reader<E> {
  return new Policed(codec, options);
}

class Policed<E extends AnyEvent> implements Reader<E> {
  readonly #codec: Spelling<E>;
  readonly #unknown: DecodeOptions['unknown'];
  readonly #skipsMalformed: boolean;
  readonly #depth: number;
  readonly #block: number;
  readonly #onSkip: DecodeOptions['onSkip'];
  readonly #decoder: UnpolicedReader<E>;
  /** Of the frame that is read. */
  #data = '';
  /** Of several events in one frame, those before the one that failed are delivered first. */
  #failure: Error | undefined;
  /** How many sound frames stand for those that may still be malformed or failures: whole, because a fraction is an object. */
  #room = MOST_BROKEN * SOUND_PER_BROKEN;

  constructor(
    codec: Spelling<E>,
    { unknown = 'emit', malformed = 'error', depth = 512, block = 2 ** 26, onSkip }: DecodeOptions,
  ) {
    this.#codec = codec;
    this.#unknown = unknown;
    this.#skipsMalformed = malformed === 'skip';
    this.#depth = depth;
    this.#block = block;
    this.#onSkip = onSkip;
    this.#decoder = codec.decoder((kind) => this.#pass(kind), depth);
  }

  next(frame: Frame): readonly E[] {
    if (this.#failure) throw this.#failure;
    if (nestsDeeper(frame.data, this.#depth)) {
      throw new StreamError(
        'limit',
        `The JSON of a frame nests deeper than ${this.#depth} levels (limit: depth)`,
      );
    }
    const events = this.#read(frame);
    const { held = 0 } = this.#decoder;
    if (held > this.#block) {
      throw new StreamError(
        'limit',
        `More than ${this.#block} characters are of no block yet (limit: block)`,
      );
    }
    const stranger =
      this.#unknown === 'error' ? events.find((event) => isStrange(event, this.#codec.passes)) : undefined;
    if (!stranger) return this.#known(events);
    const message = `The event type ${quoted(stranger.name)} is unknown`;
    throw new StreamError('malformed', message, { raw: frame.data });
  }

  /** What holds of the last frame holds of this one. */
  again(piece: string, length: number): readonly E[] {
    this.#room++;
    return this.#decoder.again?.(piece, length) ?? [];
  }

  end(): readonly E[] {
    if (this.#failure) throw this.#failure;
    this.#data = '';
    return this.#known(this.#decoder.end());
  }

  #read(frame: Frame): readonly E[] {
    const { data } = frame;
    this.#data = data;
    if (this.#room < 0) throw new StreamError('limit', `More than ${MOST_BROKEN} frames are broken`);
    if (data !== this.#codec.terminator && isNoEvent(data) && isUnnamed(frame)) {
      this.#pass('no-event');
      return [];
    }
    // Two values in a row are not JSON. Reading them line by line costs less than an exception.
    let lines = data.includes('}\n{') ? linesIn(frame) : undefined;
    if (!lines) {
      try {
        const events = this.#decoder.next(frame);
        this.#room += events[0]?.type === 'error' ? -SOUND_PER_BROKEN : 1;
        return events;
      } catch (error) {
        if (!(error instanceof StreamError) || error.code !== 'malformed') throw error;
        lines = linesIn(frame);
        if (!lines) return this.#readBroken(frame, error);
      }
    }
    return this.#readLines(lines);
  }

  #readLines(frames: readonly Frame[]): readonly E[] {
    const events: E[] = [];
    try {
      for (const frame of frames) for (const event of this.#read(frame)) events.push(event);
    } catch (error) {
      if (events.length === 0) throw error;
      this.#failure = error as Error;
    }
    return events;
  }

  #readBroken(frame: Frame, error: StreamError): readonly E[] {
    if (frame.unterminated) {
      throw new StreamError('truncated', 'The stream ended inside an event', { raw: this.#data });
    }
    if (!this.#skipsMalformed || !this.#decoder.lose) throw error;
    this.#room -= SOUND_PER_BROKEN;
    this.#pass('malformed');
    this.#decoder.lose(frame, 'A piece of this block was malformed');
    return [];
  }

  #known(events: readonly E[]): readonly E[] {
    if (this.#unknown !== 'skip' || !events.some(isUnknown)) return events;
    this.#pass('unknown');
    return events.filter((event) => !isUnknown(event));
  }

  #pass(kind: SkipKind): void {
    this.#onSkip?.({ kind, codec: this.#codec.name, raw: cut(this.#data) });
  }
}

function isStrange<E extends AnyEvent>(event: E, passes?: ReadonlySet<string>): event is E & UnknownName {
  return isUnknown(event) && !passes?.has(event.name);
}

/** Whether nothing but its data says what a frame is. One that was cut off may have been anything. */
function isUnnamed({ event = 'message', data, unterminated }: Frame): boolean {
  return event === 'message' && (!unterminated || data === '[DONE]');
}

function isUnknown(event: AnyEvent): event is UnknownName {
  return event.type === 'unknown';
}
