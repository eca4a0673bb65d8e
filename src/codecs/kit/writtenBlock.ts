import type { AnyContentBlock } from '../../events/block.js';
import type { AnyContentBlockDelta } from '../../events/delta.js';
import type { StreamEvent } from '../../events/event.js';
import type { Rope } from '../../json/rope.js';

/** A block as a decoder writes it: of any type, with members of its provider besides the typed ones. */
export interface LooseBlock {
  readonly type: string;
  readonly [member: string]: unknown;
}

/** A block as far as it is written. */
export interface Written {
  readonly key: string;
  block: AnyContentBlock;
  index: number;
  /** All it says: what it began with and all pieces. It is looked into only by a final value. */
  said: Rope;
  /** What came of it besides, in order: a signature, citations. */
  readonly asides: AnyContentBlockDelta[];
  state: 'open' | 'stopped' | { readonly aborted: string };
  /** Why it can never be whole. */
  readonly flaw: string | undefined;
  /** Why it may have lost a piece. A final value ends the doubt. */
  lost: string | undefined;
}

/** What stands in a message, in order: its blocks, and what became of its calls. */
export type Entry = Written | { readonly told: StreamEvent };

/** A block as its start has it; a kind stands for an empty one. */
export function blockOf(block: 'text' | 'thinking' | AnyContentBlock | LooseBlock): AnyContentBlock {
  if (block === 'text') return { type: 'text', text: '', citations: null };
  if (block === 'thinking') return { type: 'thinking', thinking: '', signature: '' };
  // A block of an unknown type passes as it came.
  return block as object as AnyContentBlock;
}

/** The text, or thinking, that a block begins with. */
export function textIn(block: AnyContentBlock): string {
  return block.type === 'text' ? block.text : block.type === 'thinking' ? block.thinking : '';
}

/** Whether this is a call, of the caller's tools or of the provider's: what grows in it is JSON. */
export function isCall(
  block: AnyContentBlock,
): block is Extract<AnyContentBlock, { readonly input: unknown }> {
  return block.type === 'tool_use' || block.type === 'server_tool_use' || block.type === 'mcp_tool_use';
}

/** The JSON of the input that a call begins with; none for an empty one, which is still to come. */
export function inputIn(block: AnyContentBlock): string {
  const json = isCall(block) ? (JSON.stringify(block.input) ?? '') : '';
  return json === '{}' ? '' : json;
}

/** A piece of what grows in a block; `undefined` for a block that does not grow. */
export function deltaOf(block: AnyContentBlock, piece: string): AnyContentBlockDelta | undefined {
  if (block.type === 'text') return { type: 'text_delta', text: piece };
  if (block.type === 'thinking') return { type: 'thinking_delta', thinking: piece };
  return isCall(block) ? { type: 'input_json_delta', partial_json: piece } : undefined;
}

/** What grows in a block, where a delta is a piece of it. */
export function pieceIn(delta: AnyContentBlockDelta): string | undefined {
  switch (delta.type) {
    case 'text_delta':
      return delta.text;
    case 'thinking_delta':
      return delta.thinking;
    case 'input_json_delta':
      return delta.partial_json;
    default:
      return undefined;
  }
}
