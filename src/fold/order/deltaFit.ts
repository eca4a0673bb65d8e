import { isKnownBlock, type AnyContentBlock } from '../../events/block.js';
import { isKnownDelta, type AnyContentBlockDelta, type KnownDelta } from '../../events/delta.js';

/** The block that a delta lets grow, as it is before anything came of it; a tool's input says nothing of its tool. */
const GROWN = {
  text_delta: { type: 'text', text: '', citations: null },
  citations_delta: { type: 'text', text: '', citations: null },
  thinking_delta: { type: 'thinking', thinking: '', signature: '' },
  signature_delta: { type: 'thinking', thinking: '', signature: '' },
  compaction_delta: { type: 'compaction', content: null, encrypted_content: null },
  input_json_delta: undefined,
} as const satisfies Record<KnownDelta['type'], AnyContentBlock | undefined>;

/**
 * Whether a block may grow by this delta. A type of block or delta that this version does not know fits everything.
 *
 * @param block - the block as it began
 * @param delta - what is to be added to it
 */
export function isFitting(block: AnyContentBlock, delta: AnyContentBlockDelta): boolean {
  if (!isKnownBlock(block) || !isKnownDelta(delta)) return true;
  if (delta.type === 'input_json_delta') return 'input' in block;
  return block.type === GROWN[delta.type].type;
}

/**
 * The block that a delta belongs to, where it is known by the delta alone.
 *
 * @param delta - what grows in it
 * @returns an empty block; `undefined` for the input of a tool and for a delta of a type that this version does not know
 */
export function blockOf(delta: AnyContentBlockDelta): AnyContentBlock | undefined {
  return isKnownDelta(delta) ? GROWN[delta.type] : undefined;
}
