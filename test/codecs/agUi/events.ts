import type { Frame } from '../../../src/wire/frame.js';

/** An event as it stands on the wire. */
export type Wire = Readonly<Record<string, unknown>>;

export const STARTED = { type: 'RUN_STARTED', threadId: 't1', runId: 'm1' };
export const FINISHED = { type: 'RUN_FINISHED', threadId: 't1', runId: 'm1' };

export function wire(type: string, members: object = {}): Wire {
  return { type, ...members };
}

/** The frames of these events. */
export function framesOf(...events: readonly object[]): readonly Frame[] {
  return events.map((event) => ({ data: JSON.stringify(event) }));
}
