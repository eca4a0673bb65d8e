import { isKnownBlock, type AnyContentBlock } from '../../events/block.js';
import { isKnownDelta, type AnyContentBlockDelta, type KnownDelta } from '../../events/delta.js';

/** The empty block that each delta adds to. The input of a tool does not say which tool it is for. */
const GROWN = {
  text_delta: { type: 'text', text: '', citations: null },
  citations_delta: { type: 'text', text: '', citations: null },
  thinking_delta: { type: 'thinking', thinking: '', signature: '' },
  signature_delta: { type: 'thinking', thinking: '', signature: '' },
  compaction_delta: { type: 'compaction', content: null, encrypted_content: null },
  input_json_delta: undefined,
} as const satisfies Record<KnownDelta['type'], AnyContentBlock | undefined>;

/** Whether a block can take this delta. A block or delta of an unknown type fits everything. */
export function isFitting(block: AnyContentBlock, delta: AnyContentBlockDelta): boolean {
  if (!isKnownBlock(block) || !isKnownDelta(delta)) return true;
  if (delta.type === 'input_json_delta') return 'input' in block;
  return block.type === GROWN[delta.type].type;
}

/** @returns the empty block that a delta belongs to; `undefined` where the delta alone does not say so */
export function blockOf(delta: AnyContentBlockDelta): AnyContentBlock | undefined {
  return isKnownDelta(delta) ? GROWN[delta.type] : undefined;
}
