import type { Codec } from '../../src/codecs/codec.js';
import type { StreamEvent } from '../../src/events/event.js';
import * as events from '../../src/events/make.js';
import { connectionLost } from '../../src/testing/letters/alphabet.js';
import type { Frame } from '../../src/wire/frame.js';
import { frameText } from '../../src/wire/write.js';
import { offsetsOf, timeOf, type Feed, type Part } from './feed.js';

/** What can be put into a stream. */
export type Inserted = 'ping' | 'error' | 'reset';

/**
 * A change of a feed. Numbers of parts are those after the changes before it.
 *
 * - `move`: one part comes so much later, but never before or after its neighbours;
 * - `stall`: this part and all behind it come so much later;
 * - `insert`: an event comes at that time;
 * - `cut`: the body ends after so many bytes, as if it were over, or because the connection is lost;
 * - `split`: the network cuts the bytes there, be it inside a character.
 */
export type Edit =
  | { readonly do: 'move'; readonly part: number; readonly by: number }
  | { readonly do: 'stall'; readonly part: number; readonly by: number }
  | { readonly do: 'insert'; readonly at: number; readonly what: Inserted }
  | { readonly do: 'cut'; readonly bytes: number; readonly how: 'complete' | 'lost' }
  | { readonly do: 'split'; readonly bytes: number };

const MADE: Readonly<Record<Inserted, () => StreamEvent>> = {
  ping: events.ping,
  error: () => events.error('overloaded_error', 'Overloaded'),
  reset: () => events.reset(2, connectionLost),
};

/** The feed after all edits, in their order. */
export function edited(feed: Feed, edits: readonly Edit[]): Feed {
  return edits.reduce(applied, feed);
}

/** Adds an edit: a part that is moved on takes the place of the move before. */
export function withEdit(edits: readonly Edit[], edit: Edit): readonly Edit[] {
  const last = edits.at(-1);
  if (edit.do === 'move' && last?.do === 'move' && last.part === edit.part) {
    return [...edits.slice(0, -1), { ...edit, by: last.by + edit.by }];
  }
  return [...edits, edit];
}

/** Whether an edit changes only when things come. */
export function isOfTimes(edit: Edit): boolean {
  return edit.do === 'move' || edit.do === 'stall';
}

function applied(feed: Feed, edit: Edit): Feed {
  switch (edit.do) {
    case 'move':
      return moved(feed, edit.part, edit.by);
    case 'stall':
      return stalled(feed, edit.part, edit.by);
    case 'insert':
      return inserted(feed, edit.at, MADE[edit.what]());
    case 'cut':
      return cutOff(feed, edit.bytes, edit.how);
    case 'split':
      return split(feed, edit.bytes);
  }
}

function moved(feed: Feed, nth: number, by: number): Feed {
  const { parts, end } = feed;
  if (nth < 0 || nth > parts.length) return feed;
  const before = nth === 0 ? 0 : timeOf(feed, nth - 1);
  if (nth === parts.length)
    return { ...feed, end: { ...end, at: Math.max(before, Math.round(end.at + by)) } };
  const at = Math.min(Math.max(Math.round(timeOf(feed, nth) + by), before), timeOf(feed, nth + 1));
  return { ...feed, parts: parts.map((part, other) => (other === nth ? { ...part, at } : part)) };
}

function stalled(feed: Feed, nth: number, by: number): Feed {
  const wait = Math.max(0, Math.round(by));
  const parts = feed.parts.map((part, other) => (other < nth ? part : { ...part, at: part.at + wait }));
  return { ...feed, parts, end: { ...feed.end, at: feed.end.at + wait } };
}

function inserted(feed: Feed, time: number, event: StreamEvent): Feed {
  const at = Math.max(0, Math.round(time));
  const place = feed.parts.findIndex((part) => part.at > at);
  const nth = place === -1 ? feed.parts.length : place;
  const bytes = spelled(feed, event);
  const part: Part = bytes ? { at, bytes } : { at, bytes: new Uint8Array(), event };
  const parts = [...feed.parts.slice(0, nth), part, ...feed.parts.slice(nth)];
  return { ...feed, parts, end: { ...feed.end, at: Math.max(feed.end.at, at) } };
}

/** The event as this protocol spells it, where it has words for it and its frames are text. */
function spelled({ codec }: Feed, event: StreamEvent): Uint8Array | undefined {
  if (codec.framing === 'eventstream' || codec.unpacker) return undefined;
  const frames = codec.encoder().next(event);
  if (!frames.some((frame) => readsAs(codec, frame, event.type))) return undefined;
  return new TextEncoder().encode(frames.map(frameText(codec.framing)).join(''));
}

function readsAs(codec: Codec, frame: Frame, type: string): boolean {
  try {
    return codec
      .decoder()
      .next(frame)
      .some((event) => event.type === type);
  } catch {
    return false;
  }
}

function cutOff(feed: Feed, bytes: number, how: 'complete' | 'lost'): Feed {
  const offsets = offsetsOf(feed.parts);
  const whole = Math.min(Math.max(0, Math.round(bytes)), offsets.at(-1) ?? 0);
  const parts: Part[] = [];
  for (const [nth, part] of feed.parts.entries()) {
    const start = offsets[nth] ?? 0;
    if (start > whole || (start === whole && part.event === undefined)) break;
    const isWhole = part.bytes.length <= whole - start;
    parts.push(isWhole ? part : { ...part, bytes: part.bytes.subarray(0, whole - start) });
  }
  const at = timeOf(feed, Math.max(0, parts.length - 1));
  return { ...feed, parts, end: { at: parts.length === 0 ? 0 : at, how } };
}

function split(feed: Feed, bytes: number): Feed {
  const offsets = offsetsOf(feed.parts);
  const parts = feed.parts.flatMap((part, nth): Part[] => {
    const at = Math.round(bytes) - (offsets[nth] ?? 0);
    if (at <= 0 || at >= part.bytes.length) return [part];
    const rest = Math.min(part.at + 1, timeOf(feed, nth + 1));
    return [
      { ...part, bytes: part.bytes.subarray(0, at) },
      { at: rest, bytes: part.bytes.subarray(at) },
    ];
  });
  return { ...feed, parts };
}
