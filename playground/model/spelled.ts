import type { Codec } from '../../src/codecs/codec.js';
import { anthropic } from '../../src/codecs/anthropic/codec.js';
import type { StreamEvent } from '../../src/events/event.js';
import { recordedErrorOf } from '../../src/testing/recordings/recording.js';
import { frameText } from '../../src/wire/write.js';
import type { Feed, FeedEnd, Part } from './feed.js';

/** An event, and when it comes. */
export interface TimedEvent {
  readonly at: number;
  readonly event: StreamEvent;
}

/** How a stream of events ends: it completes, fails with an error, or stays open. */
export interface EventsEnd {
  readonly at: number;
  readonly error?: unknown;
  readonly isOpen?: boolean;
}

/**
 * Spells events that were drawn or recorded as bytes, one part for each: so they can be cut like any other stream.
 * What the protocol has no words for comes in behind its decoder.
 */
export function spelledFeed(
  events: readonly TimedEvent[],
  { at, error, isOpen = false }: EventsEnd,
  codec: Codec = anthropic,
): Feed {
  const encoder = codec.encoder();
  const bytesOf = frameText(codec.framing);
  const write = new TextEncoder();
  const parts = events.map(({ at: time, event }): Part => {
    const text = encoder.next(event).map(bytesOf).join('');
    const bytes = write.encode(text);
    return { at: Math.round(time), bytes, ...(text === '' && { event }) };
  });
  const rest = isOpen || error !== undefined ? '' : encoder.end().map(bytesOf).join('');
  if (rest !== '') parts.push({ at: Math.round(at), bytes: write.encode(rest) });
  const how: FeedEnd['how'] = isOpen ? 'open' : error === undefined ? 'complete' : 'lost';
  return {
    codec,
    parts,
    end: { at: Math.round(at), how, ...(error !== undefined && { error: recordedErrorOf(error) }) },
  };
}

/** For those who have events and no times. */
export function everyTenMs(events: Iterable<StreamEvent>, between = 10): TimedEvent[] {
  return Array.from(events, (event, nth) => ({ at: nth * between, event }));
}
