import type { AnyContentBlock } from '../../events/block.js';
import type { ContentBlockDeltaEvent, InLane, StreamEvent } from '../../events/event.js';
import { inputJsonDelta, textDelta, thinkingDelta } from '../../events/make.js';
import type { TextKind } from './textMachine.js';

/** Text of one kind, as a block or a delta has it. */
export interface TextOfKind {
  readonly kind: TextKind;
  readonly text: string;
}

const MEMBERS = { text: 'text', thinking: 'thinking', input: 'partial_json' } as const;

/** The text that a delta adds; nothing, where it adds something else or is not what its type says. */
export function growthOf({ delta }: ContentBlockDeltaEvent): TextOfKind | undefined {
  const kind = kindOfDelta(delta.type);
  if (kind === undefined) return undefined;
  const text = (delta as { readonly [name: string]: unknown })[MEMBERS[kind]];
  return typeof text === 'string' ? { kind, text } : undefined;
}

function kindOfDelta(type: string): TextKind | undefined {
  switch (type) {
    case 'text_delta':
      return 'text';
    case 'thinking_delta':
      return 'thinking';
    case 'input_json_delta':
      return 'input';
    default:
      return undefined;
  }
}

/** The event with another text. */
export function growingBy(
  event: ContentBlockDeltaEvent,
  kind: TextKind,
  text: string,
): ContentBlockDeltaEvent {
  return { ...event, delta: { ...event.delta, [MEMBERS[kind]]: text } };
}

/** A delta of the block at this index. */
export function deltaOf(index: number, lane: string | undefined, { kind, text }: TextOfKind): StreamEvent {
  const make = { text: textDelta, thinking: thinkingDelta, input: inputJsonDelta }[kind];
  const event: ContentBlockDeltaEvent & InLane = make(index, text);
  return lane === undefined ? event : { ...event, lane };
}

/** What a block holds from its start: a text, thinking, or a whole input as JSON; nothing, where it holds none. */
export function contentOf(block: AnyContentBlock): TextOfKind | undefined {
  const { text, thinking, input } = block as { readonly [name: string]: unknown };
  if (block.type === 'text' && typeof text === 'string') return { kind: 'text', text };
  if (block.type === 'thinking' && typeof thinking === 'string') return { kind: 'thinking', text: thinking };
  if (!('input' in block) || typeof input !== 'object' || input === null) return undefined;
  // An empty one stands for what is to come.
  return { kind: 'input', text: Object.keys(input).length > 0 ? JSON.stringify(input) : '' };
}

/** The block with another content. */
export function holding(block: AnyContentBlock, { kind, text }: TextOfKind): AnyContentBlock {
  const value: unknown = kind === 'input' ? JSON.parse(text) : text;
  return { ...block, [kind]: value };
}
