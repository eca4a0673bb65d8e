import type { StreamEvent } from '../../events/event.js';

/** The deltas that let a block grow by text, and the member that has it. */
const GROWS: Readonly<Record<string, string | undefined>> = {
  text_delta: 'text',
  thinking_delta: 'thinking',
  input_json_delta: 'partial_json',
};

/** A piece of text, thinking or input: what it belongs to, and the text. */
export interface Growth {
  /** The block, the lane and the kind: growths of one key add up. */
  readonly key: string;
  readonly text: string;
}

/** What an event lets its block grow by; `undefined` for all but deltas of text, thinking and input. */
export function growthOf(event: StreamEvent): Growth | undefined {
  if (event.type !== 'content_block_delta') return undefined;
  const { index, lane = '' } = event;
  // Whoever makes events by hand may leave anything out.
  const delta = event.delta as typeof event.delta | null | undefined;
  const member = GROWS[delta?.type ?? ''];
  const text: unknown = member === undefined ? undefined : Reflect.get(delta ?? {}, member);
  return typeof text === 'string' ? { key: `${index} ${delta?.type} ${lane}`, text } : undefined;
}

/** The keys of all that a block can grow by. */
export function keysOf(index: number, lane = ''): readonly string[] {
  return Object.keys(GROWS).map((type) => `${index} ${type} ${lane}`);
}

/**
 * @param event - one that {@link growthOf} knows
 * @param text - what stands in place of its text
 * @returns a copy without an id
 */
export function growing<E extends StreamEvent>(event: E, text: string): E {
  if (event.type !== 'content_block_delta') return event;
  const { delta } = event;
  return { ...event, delta: { ...delta, [GROWS[delta.type] ?? '']: text } };
}
