import type { StreamEvent } from '../../events/event.js';
import * as events from '../../events/make.js';
import type { MessageDeltaFields, MessageStartFields } from '../../events/make.js';
import type { BetaStopReason } from '../../events/message.js';
import type { Usage } from '../../events/usage.js';
import type { Cut, Part } from './part.js';
import type { Timing } from './timing.js';

/**
 * A place in a message: how many of its events come before it, counted from the end where negative, or the first
 * event that comes after it.
 */
export type Point = number | ((event: StreamEvent, nth: number) => boolean);

/** How a message breaks off. */
export interface Ending {
  /** Default: in the middle of the last block. */
  readonly at?: Point | undefined;
  /** The event that is sent there. */
  readonly event?: StreamEvent;
  /** What the stream fails with there; else it completes. */
  readonly failure?: { readonly error: unknown };
}

/** What a script says of one message. */
export interface Plan {
  /** The events of the messages before it. */
  readonly before: readonly StreamEvent[];
  /** The first message of a stream is 1. */
  readonly number: number;
  readonly start: MessageStartFields;
  readonly parts: readonly Part[];
  readonly cut: Cut;
  readonly timing: Timing;
  readonly isInterleaved?: boolean;
  readonly stop?: { readonly reason: BetaStopReason | null; readonly fields: MessageDeltaFields };
  readonly usage?: Partial<Usage>;
  readonly ending?: Ending;
}

/** The events of a plan, those before it too. */
export function render(plan: Plan): StreamEvent[] {
  const message = [start(plan), ...content(plan), end(plan), events.messageStop()];
  return [...plan.before, ...(plan.ending ? broken(message, plan.ending) : message)];
}

function start({ number, start, usage }: Plan): StreamEvent {
  const { output_tokens: _, ...input } = usage ?? {};
  const fields = { id: `msg_${number}`, model: 'model-1', ...start };
  return events.messageStart({ ...fields, usage: { ...start.usage, ...input } });
}

function content({ before, parts, cut, isInterleaved = false }: Plan): StreamEvent[] {
  let index = 0;
  let calls = before.filter(isCall).length;
  let callId: string | undefined;
  const lanes = parts.map((part) => {
    if (part.kind === 'call') callId = part.id ?? `toolu_${++calls}`;
    const lane = part.events({ index, callId, cut });
    if (part.kind !== 'aside') index++;
    return lane;
  });
  return isInterleaved ? inTurn(lanes) : lanes.flat();
}

function isCall(event: StreamEvent): boolean {
  return event.type === 'content_block_start' && event.content_block.type === 'tool_use';
}

function inTurn(lanes: readonly (readonly StreamEvent[])[]): StreamEvent[] {
  const length = Math.max(0, ...lanes.map((lane) => lane.length));
  return Array.from({ length }, (_, nth) => lanes.flatMap((lane) => lane.slice(nth, nth + 1))).flat();
}

function end({ parts, stop, usage }: Plan): StreamEvent {
  const last = parts.filter(({ kind }) => kind !== 'aside').at(-1);
  const { reason = last?.kind === 'call' ? 'tool_use' : 'end_turn', fields = {} } = stop ?? {};
  const spent = usage?.output_tokens === undefined ? {} : { output_tokens: usage.output_tokens };
  return events.messageDelta(reason, { ...spent, ...fields });
}

function broken(message: readonly StreamEvent[], { at, event }: Ending): StreamEvent[] {
  return [...message.slice(0, placeOf(at, message)), ...(event ? [event] : [])];
}

function placeOf(at: Point | undefined, message: readonly StreamEvent[]): number {
  if (at === undefined) {
    const stop = message.map(({ type }) => type).lastIndexOf('content_block_stop');
    return stop < 0 ? 1 : stop;
  }
  if (typeof at === 'number') return at;
  const place = message.findIndex(at);
  if (place < 0) throw new Error('The message cannot break off: at is true for none of its events');
  return place;
}
