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
  if ('events' in playable) return playable.timeline?.() ?? atOnce(playable.events());
  return isRecording(playable) ? recorded(playable) : atOnce(playable);
}

function isRecording(playable: readonly StreamEvent[] | Recording): playable is Recording {
  return !Array.isArray(playable);
}

function atOnce(events: readonly StreamEvent[]): TimedValues<StreamEvent> {
  return { values: events.map((value) => ({ at: 0, value })), end: { at: 0 } };
}

/** Where the subscriber left, the body ends: one that stays open would hold up whoever reads it whole. */
function recorded({ entries, end }: Recording): TimedValues<StreamEvent> {
  return {
    values: entries.map(({ at, event }) => ({ at, value: event })),
    end: { at: end.at, ...(end.end === 'error' && { error: errorOf(end.error) }) },
  };
}

const END_OF_LINE = String.raw`(?:\r\n|\r(?!\n)|\n)`;

/** One event, with what is said beside it (comments, blank lines) before it; in the end what is no event. */
const MESSAGE = {
  sse: new RegExp(`[^]*?^data[:\\r\\n][^]*?${END_OF_LINE}{2}|[^]+`, 'gm'),
  ndjson: /\s*[^\n]+\n?|\s+/g,
};

function messagesOf(bytes: Uint8Array, framing: Codec['framing']): Timed<Uint8Array>[] {
  // One character for each byte, so that lengths are the same.
  const text = new TextDecoder('latin1').decode(bytes);
  let start = 0;
  return Array.from(text.matchAll(MESSAGE[framing]), ([{ length }]) => {
    const end = start + length;
    const value = bytes.subarray(start, end);
    start = end;
    return { at: 0, value };
  });
}
