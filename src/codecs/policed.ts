import { StreamError } from '../errors/streamError.js';
import type { Frame } from '../wire/frame.js';
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

type UnknownName = { readonly type: 'unknown'; readonly name: string };

/** An event of a protocol, or one of an unknown type. */
type AnyEvent = { readonly type: string } | UnknownName;

interface Reader<E> {
  next(frame: Frame): readonly E[];
  end(): readonly E[];
}

/** Makes a decoder that obeys the policies, for one subscription. All that read frames take their decoders from here. */
export function policed<E extends AnyEvent>(
  codec: { readonly passes?: ReadonlySet<string>; decoder(): Reader<E> },
  { unknown = 'emit', malformed = 'error', depth = 512 }: DecodeOptions = {},
): Reader<E> {
  const decoder = codec.decoder();
  return {
    next(frame) {
      if (nestsDeeper(frame.data, depth)) {
        throw new StreamError(
          'limit',
          `The JSON of a frame nests deeper than ${depth} levels (limit: depth)`,
        );
      }
      const events = read(frame);
      const stranger = unknown === 'error' ? events.find(isStrange) : undefined;
      if (stranger === undefined) return known(events);
      const message = `The event type ${JSON.stringify(stranger.name)} is unknown`;
      throw new StreamError('malformed', message, { raw: frame.data });
    },
    end: () => known(decoder.end()),
  };

  function read(frame: Frame): readonly E[] {
    try {
      return decoder.next(frame);
    } catch (error) {
      if (!(error instanceof StreamError) || error.code !== 'malformed') throw error;
      if (frame.unterminated) {
        throw new StreamError('truncated', 'The stream ended inside an event', { raw: frame.data });
      }
      // The block that lost a piece here is not marked as invalid yet.
      if (malformed === 'skip') return [];
      throw error;
    }
  }

  function isStrange(event: AnyEvent): event is E & UnknownName {
    return isUnknown(event) && !codec.passes?.has(event.name);
  }

  function known(events: readonly E[]): readonly E[] {
    return unknown === 'skip' && events.some(isUnknown)
      ? events.filter((event) => !isUnknown(event))
      : events;
  }
}

function isUnknown(event: AnyEvent): event is UnknownName {
  return event.type === 'unknown';
}
