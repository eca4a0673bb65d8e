import { StreamError } from '../errors/streamError.js';
import type { Frame } from '../wire/frame.js';
import type { Codec, Decoder } from './codec.js';
import { nestsDeeper } from './nesting.js';

/** What to do with frames that cannot be read, and how deep the JSON of a frame may nest. */
export interface DecodeOptions {
  /**
   * An event of a type that the codec does not know: `emit` it as an `unknown` event, `skip` it, or raise a
   * `StreamError` `malformed`. Default `emit`.
   */
  readonly unknown?: 'emit' | 'skip' | 'error' | undefined;
  /**
   * A frame that is not JSON, or a known event of the wrong shape: raise a `StreamError` `malformed` with the first 200
   * characters of the frame, or `skip` it. Default `error`.
   */
  readonly malformed?: 'error' | 'skip' | undefined;
  /** How deep arrays and objects may nest in the JSON of a frame. Default 512. */
  readonly depth?: number | undefined;
}

/**
 * Makes a decoder that obeys the policies. `decode` and every source take their decoders from here.
 *
 * @param codec - the protocol to read
 * @param options - the policies
 * @returns a fresh decoder, for one subscription
 */
export function policed(codec: Codec, options: DecodeOptions = {}): Decoder {
  const decoder = codec.decoder();
  const policy = new Policy(options, codec.passes);
  return {
    next: (frame) => policy.read(frame, decoder),
    end: () => policy.pass(decoder.end()),
  };
}

/** An event of a protocol, or one of an unknown type. */
type AnyEvent = { readonly type: string } | { readonly type: 'unknown'; readonly name: string };

/** Applies the policies on what cannot be read, for all codecs. */
export class Policy {
  readonly #unknown: 'emit' | 'skip' | 'error';
  readonly #malformed: 'error' | 'skip';
  readonly #depth: number;
  readonly #passes: ReadonlySet<string>;

  /**
   * @param options - as {@link DecodeOptions}
   * @param passes - as `Codec.passes`
   */
  constructor(
    { unknown = 'emit', malformed = 'error', depth = 512 }: DecodeOptions,
    passes: ReadonlySet<string> = new Set(),
  ) {
    this.#unknown = unknown;
    this.#malformed = malformed;
    this.#depth = depth;
    this.#passes = passes;
  }

  /**
   * @param frame - the next frame
   * @param reader - gives the events of the frame, including `unknown` ones, or throws a StreamError `malformed`
   * @returns the events that the policies allow
   * @throws StreamError `malformed`, as the options say; `truncated` if the stream ended inside the frame; `limit` for
   *   JSON that nests too deep; whatever else the reader throws
   */
  read<E extends AnyEvent>(frame: Frame, reader: { next(frame: Frame): readonly E[] }): readonly E[] {
    if (nestsDeeper(frame.data, this.#depth)) {
      const message = `The JSON of a frame nests deeper than ${this.#depth} levels (limit: depth)`;
      throw new StreamError('limit', message);
    }
    let events: readonly E[];
    try {
      events = reader.next(frame);
    } catch (error) {
      if (!(error instanceof StreamError) || error.code !== 'malformed') throw error;
      if (frame.unterminated) {
        throw new StreamError('truncated', 'The stream ended inside an event', { raw: frame.data });
      }
      if (this.#malformed === 'skip') {
        // The block that lost a piece here is not marked as invalid yet.
        return [];
      }
      throw error;
    }
    if (this.#unknown === 'error') {
      const stranger = events.find((event) => isUnknown(event) && !this.#passes.has(event.name));
      if (stranger !== undefined) {
        const name = JSON.stringify((stranger as { name?: string }).name);
        throw new StreamError('malformed', `The event type ${name} is unknown`, { raw: frame.data });
      }
    }
    return this.pass(events);
  }

  /** @returns these events, without the `unknown` ones if the policy skips them */
  pass<E extends AnyEvent>(events: readonly E[]): readonly E[] {
    return this.#unknown === 'skip' && events.some(isUnknown)
      ? events.filter((event) => !isUnknown(event))
      : events;
  }
}

function isUnknown(event: AnyEvent): event is { readonly type: 'unknown'; readonly name: string } {
  return event.type === 'unknown';
}
