import { isKnownBlock, type AnyContentBlock } from '../../../src/events/block.js';
import { isBlockIndex } from '../../../src/events/block.js';
import type { AnyContentBlockDelta } from '../../../src/events/delta.js';
import type { StreamEvent } from '../../../src/events/event.js';

const GROWN_BY: Partial<Record<AnyContentBlockDelta['type'], readonly AnyContentBlock['type'][]>> = {
  text_delta: ['text'],
  citations_delta: ['text'],
  thinking_delta: ['thinking'],
  signature_delta: ['thinking'],
  input_json_delta: ['tool_use', 'server_tool_use', 'mcp_tool_use'],
  compaction_delta: ['compaction'],
};

/** A message as far as its events have been looked at. */
interface Known {
  readonly open: Map<number, AnyContentBlock['type']>;
  readonly indexes: Set<number>;
  hasEnding: boolean;
}

/**
 * Looks for what breaks the rules of a stream: one start before any block; of each block one start, then deltas of its
 * kind, then one stop or abort; indexes that occur once; a stop reason before the end; one end, and nothing after it.
 *
 * @param events - the stream, or its beginning
 * @returns a sentence for each event that breaks one, with its place; none for a stream that is well-formed so far
 */
export function flaws(events: readonly StreamEvent[]): readonly string[] {
  const calls = new Set<string>();
  let message: Known | undefined;
  const found: string[] = [];
  events.forEach((event, place) => {
    const flaw = flawOf(event, message, calls);
    if (flaw !== undefined) found.push(`${place} ${event.type}: ${flaw}`);
    message = after(event, message, calls);
  });
  return found;
}

/**
 * Whether a flaw is one of order. A stop reason that was lost is not for an operator to make up, and a result, an
 * approval or a reset may stand anywhere.
 */
export function isOfOrder(flaw: string): boolean {
  return !/^\d+ (?:message_stop: nothing said why|tool_result: |tool_approval: |reset: )/.test(flaw);
}

/** Whether a flaw is that what became of a call is told, and the call is not in the stream. */
export function isOfNoCall(flaw: string): boolean {
  return /tool_(?:result|approval): there was no call /.test(flaw);
}

/** Whether the stream ends where a message does. */
export function isWhole(events: readonly StreamEvent[]): boolean {
  const last = events.filter(({ type }) => type !== 'ping' && type !== 'unknown').at(-1);
  return last?.type === 'message_stop' || last?.type === 'error';
}

function flawOf(
  event: StreamEvent,
  message: Known | undefined,
  calls: ReadonlySet<string>,
): string | undefined {
  switch (event.type) {
    case 'message_start':
      return message && 'another message is unfinished';
    case 'ping':
    case 'unknown':
      return undefined;
    case 'error':
      return message && openIn(message);
    default:
      return message === undefined ? 'no message has begun' : flawIn(message, event, calls);
  }
}

type EventWithin = Exclude<StreamEvent, { type: 'message_start' | 'ping' | 'unknown' | 'error' }>;

function flawIn(message: Known, event: EventWithin, calls: ReadonlySet<string>): string | undefined {
  switch (event.type) {
    case 'content_block_start':
      if (!isBlockIndex(event.index)) return 'the index is none';
      return message.indexes.has(event.index) ? `block ${event.index} began before` : undefined;
    case 'content_block_delta': {
      const type = message.open.get(event.index);
      if (type === undefined) return `block ${event.index} is not open`;
      const grown = GROWN_BY[event.delta.type];
      return grown?.includes(type) === false ? `a ${type} takes no ${event.delta.type}` : undefined;
    }
    case 'content_block_stop':
    case 'block_abort':
      return message.open.has(event.index) ? undefined : `block ${event.index} is not open`;
    case 'message_stop':
      return openIn(message) ?? (message.hasEnding ? undefined : 'nothing said why the message ends');
    case 'tool_result':
    case 'tool_approval':
      return calls.has(event.tool_use_id) ? undefined : `there was no call ${event.tool_use_id}`;
    case 'message_delta':
    case 'reset':
      return undefined;
  }
}

function openIn({ open: { size } }: Known): string | undefined {
  return size > 0 ? `${size} blocks are open` : undefined;
}

/** The message after the event, flaw or not; none where it has ended. */
function after(event: StreamEvent, message: Known | undefined, calls: Set<string>): Known | undefined {
  switch (event.type) {
    case 'message_start': {
      const { content, stop_reason } = event.message;
      return { open: new Map(), indexes: new Set(content.keys()), hasEnding: stop_reason !== null };
    }
    case 'message_stop':
    case 'error':
    case 'reset':
      return undefined;
    case 'content_block_start':
      message?.open.set(event.index, event.content_block.type);
      message?.indexes.add(event.index);
      if (isKnownBlock(event.content_block) && 'input' in event.content_block)
        calls.add(event.content_block.id);
      return message;
    case 'content_block_stop':
    case 'block_abort':
      message?.open.delete(event.index);
      return message;
    case 'message_delta':
      if (message !== undefined) message.hasEnding = true;
      return message;
    default:
      return message;
  }
}
