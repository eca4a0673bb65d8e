/** The highest index a block may have: far more than any message has blocks, yet a bound for hostile input. */
export const MAX_BLOCK_INDEX = 9_999_999;

/** Whether this can be the index of a block: an integer from 0 to {@link MAX_BLOCK_INDEX}. */
export function isBlockIndex(index: unknown): index is number {
  return Number.isInteger(index) && (index as number) >= 0 && (index as number) <= MAX_BLOCK_INDEX;
}
