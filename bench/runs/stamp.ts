import type { StreamEvent } from '../../src/events/event.js';
import * as events from '../../src/events/make.js';

/** So many digits has a time: it stands at the beginning of the text of each delta. */
const DIGITS = 16;

const STAMPS = new RegExp(`"text":"(\\d{${DIGITS}})`, 'g');

/** The time in µs, on a clock that all processes of a machine share. */
export function now(): number {
  return Number(process.hrtime.bigint() / 1_000n);
}

/** What a run begins with. */
export const HEAD: readonly StreamEvent[] = [
  events.messageStart({ id: 'msg_1', model: 'claude' }),
  events.textStart(0),
];

/** What a run ends with. */
export const TAIL: readonly StreamEvent[] = [
  events.blockStop(0),
  events.messageDelta('end_turn', { output_tokens: 1 }),
  events.messageStop(),
];

/** A text delta that says when it was made: a word or two of an answer. */
export function stamped(): StreamEvent {
  return events.textDelta(0, `${String(now()).padStart(DIGITS, '0')} and more`);
}

/** When an event was made; `undefined` for what is no delta. */
export function stampOf(event: StreamEvent): number | undefined {
  if (event.type !== 'content_block_delta' || event.delta.type !== 'text_delta') return undefined;
  return Number((event.delta as { readonly text: string }).text.slice(0, DIGITS));
}

/** An event as a frame of an event stream, as those pass it on that take text. */
export function frameOf(event: StreamEvent): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

/** When the events of some frames were made. A look for the time is all that is done with them. */
export function stampsIn(frames: string): readonly number[] {
  return Array.from(frames.matchAll(STAMPS), ([, digits]) => Number(digits));
}
