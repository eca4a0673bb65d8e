import type { Codec } from '../../codecs/codec.js';
import type { StreamEvent } from '../../events/event.js';
import { chunked } from '../script/chunked.js';
import { errorOf, type Recording } from '../recordings/recording.js';
import type { Timed, TimedValues } from '../script/timing.js';

/** What has events to play, such as a `script()`; with a timeline, it says when they come and how they end. */
export interface Scripted {
  events(): readonly StreamEvent[];
  timeline?(): TimedValues<StreamEvent>;
}

/** What can be played as the body of a response: a script, events, a recording, or a body as it stands on the wire. */
export type Playable = Scripted | readonly StreamEvent[] | Recording | Uint8Array | string;

/** A body in pieces of one event each, what is said beside the events with them; without `end` it stays open. */
export type TimedBytes = TimedValues<Uint8Array>;

/** Whether it is a body as it stands on the wire. */
export function isBytes(playable: Playable): playable is Uint8Array | string {
  return typeof playable === 'string' || ArrayBuffer.isView(playable);
}

/**
 * The body that a server would send.
 *
 * @throws TypeError where there are events to spell and no codec
 */
export function piecesOf(playable: Playable, codec: Codec | undefined): TimedBytes {
  if (!isBytes(playable)) return chunked(timelineOf(playable), { codec });
  const bytes = typeof playable === 'string' ? new TextEncoder().encode(playable) : playable;
  const values = codec === undefined ? [{ at: 0, value: bytes }] : messagesOf(bytes, codec.framing);
  return { values, end: { at: 0 } };
}

function timelineOf(playable: Exclude<Playable, Uint8Array | string>): TimedValues<StreamEvent> {
  if ('end' in playable) {
    const { entries, end } = playable;
    return {
      values: entries.map(({ at, event }) => ({ at, value: event })),
      // Where the subscriber left, the body ends: one that stays open would hold up whoever reads it whole.
      end: { at: end.at, ...(end.end === 'error' && { error: errorOf(end.error) }) },
    };
  }
  if ('timeline' in playable && playable.timeline) return playable.timeline();
  const events = 'events' in playable ? playable.events() : playable;
  return { values: events.map((value) => ({ at: 0, value })), end: { at: 0 } };
}

const END_OF_LINE = String.raw`(?:\r\n|\r(?!\n)|\n)`;

/** One event, with what is said beside it (comments, blank lines) before it; at the end, what belongs to none. */
const SSE_MESSAGE = new RegExp(`[^]*?^data[:\\r\\n][^]*?${END_OF_LINE}{2}|[^]+`, 'gm');
const NDJSON_MESSAGE = /\s*[^\n]+\n?|\s+/g;

function messagesOf(bytes: Uint8Array, framing: Codec['framing']): Timed<Uint8Array>[] {
  // One character for each byte, so that lengths are the same.
  const text = new TextDecoder('latin1').decode(bytes);
  let start = 0;
  return Array.from(text.matchAll(framing === 'ndjson' ? NDJSON_MESSAGE : SSE_MESSAGE), ([{ length }]) => {
    const end = start + length;
    const value = bytes.subarray(start, end);
    start = end;
    return { at: 0, value };
  });
}
