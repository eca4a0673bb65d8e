import type { Codec } from '../../../src/codecs/codec.js';
import { bedrockConverse } from '../../../src/bedrock.js';
import type { StreamEvent } from '../../../src/events/event.js';
import type { Frame } from '../../../src/wire/frame.js';
import { eventsOf } from '../conformance/spelling.js';

/** A frame as the service sends it, padding included. */
export function frame(event: string, body: object): Frame {
  return { event, data: JSON.stringify({ ...body, p: 'abcdefghijk' }) };
}

export const START = frame('messageStart', { role: 'assistant' });

/** Lets the block of this number grow. */
export function delta(contentBlockIndex: number, delta: object): Frame {
  return frame('contentBlockDelta', { contentBlockIndex, delta });
}

/** Begins the block of this number. */
export function start(contentBlockIndex: number, start: object): Frame {
  return frame('contentBlockStart', { contentBlockIndex, start });
}

/** Ends the block of this number. */
export function stop(contentBlockIndex: number): Frame {
  return frame('contentBlockStop', { contentBlockIndex });
}

export function messageStop(stopReason: string | null = 'end_turn', members: object = {}): Frame {
  return frame('messageStop', { stopReason, ...members });
}

export const USAGE = frame('metadata', {
  usage: { inputTokens: 7, outputTokens: 3, totalTokens: 10 },
  metrics: { latencyMs: 412 },
});

/** What stands in an answer between its start and its end. */
export function contentOf(...frames: readonly Frame[]): readonly StreamEvent[] {
  return read(START, ...frames, messageStop(), USAGE).slice(1, -2);
}

export function read(...frames: readonly Frame[]): readonly StreamEvent[] {
  return eventsOf(bedrockConverse, frames);
}

export function typesOf(events: readonly StreamEvent[]): readonly string[] {
  return events.map(({ type }) => type);
}

/** What a codec's decoder fails with. */
export function failureOf(frames: readonly Frame[], codec: Codec = bedrockConverse): unknown {
  try {
    eventsOf(codec, frames);
  } catch (error) {
    return error;
  }
  return undefined;
}
