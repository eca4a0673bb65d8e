import type { RecordedEnd, RecordedEvent, Recording } from '../testing/recordings/recording.js';
import type { Drawing, End, Line, Marble } from './drawing.js';
import { wear } from './wear.js';

/**
 * The drawing of a recording: a line for each message, since each counts its blocks from 0. The result of a tool stands
 * with the block that called the tool, if that block is in the same message.
 */
export function recordedDrawing(recording: Recording, title = recording.name ?? UNNAMED): Drawing {
  const { entries, end } = recording;
  const messages = messagesIn(entries);
  const rows = messages.map((message, nth): Line => {
    const isLast = nth === messages.length - 1;
    const label = isLast && nth === MOST_MESSAGES - 1 ? 'and all after it' : `message ${nth + 1}`;
    return {
      kind: 'line',
      marbles: marblesOf(message),
      until: isLast ? end.at : (message.at(-1)?.at ?? 0),
      ...(messages.length > 1 && { label }),
      ...(isLast && { end: endOf(end) }),
    };
  });
  return { title, rows };
}

const UNNAMED = 'A recorded stream';

/** Messages after these are drawn as one. */
const MOST_MESSAGES = 16;

/** The entries of each message: from its start, or from the beginning, until the next starts. */
function messagesIn(entries: readonly RecordedEvent[]): RecordedEvent[][] {
  const messages: RecordedEvent[][] = [[]];
  let isBegun = false;
  for (const entry of entries) {
    const begins = entry.event.type === 'message_start';
    if (begins && isBegun && messages.length < MOST_MESSAGES) messages.push([]);
    isBegun ||= begins;
    messages.at(-1)?.push(entry);
  }
  return messages;
}

function marblesOf(entries: readonly RecordedEvent[]): Marble[] {
  const calls = new Map<unknown, number>();
  return entries.map(({ at, event }) => {
    if (event.type === 'content_block_start' && 'id' in event.content_block) {
      calls.set(event.content_block.id, event.index);
    }
    const { faces } = wear(event);
    const tone = event.type === 'tool_result' ? calls.get(event.tool_use_id) : undefined;
    return { time: at, faces: tone === undefined ? faces : faces.map((face) => ({ ...face, tone })) };
  });
}

function endOf(end: RecordedEnd): End {
  if (end.end !== 'error') return { time: end.at, kind: end.end };
  return { time: end.at, kind: 'error', label: end.error.code ?? end.error.name };
}
