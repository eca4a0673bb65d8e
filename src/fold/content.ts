import type { AnyContentBlock } from '../block.js';
import type { Draft } from './draft.js';

/**
 * Up to so many blocks, a message's content is copied at once; a longer one when it is read, or each event would cost as
 * much as all the blocks before it.
 */
const MOST_COPIED_BLOCKS = 64;

/**
 * The content of a message as it is now, however late it is read.
 *
 * @param drafts - all blocks, in the order they began; only ever appended to
 * @param unfinished - those of them that may still change
 * @param inOrder - whether that is the order of their indexes
 * @returns the blocks by index, or a function that tells them
 */
export function contentOf(
  drafts: readonly Draft[],
  unfinished: Iterable<Draft>,
  inOrder: boolean,
): AnyContentBlock[] | (() => AnyContentBlock[]) {
  const count = drafts.length;
  if (count <= MOST_COPIED_BLOCKS) return inOrderOfIndex(drafts, inOrder).map((draft) => draft.content);
  const open = [...unfinished];
  const contents = open.map((draft) => draft.content);
  return () => {
    const then = new Map(open.map((draft, at) => [draft, contents[at]]));
    return inOrderOfIndex(drafts.slice(0, count), inOrder).map((draft) => then.get(draft) ?? draft.content);
  };
}

/** The drafts by index. */
export function inOrderOfIndex(drafts: readonly Draft[], inOrder: boolean): readonly Draft[] {
  return inOrder ? drafts : [...drafts].sort((a, b) => a.index - b.index);
}
