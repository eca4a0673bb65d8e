/**
 * Why a call can never be whole: one that nothing identifies cannot be run or answered, and is given up where it ends.
 *
 * @returns `undefined` for a call that has both
 */
export function callFlaw(id: string | undefined, name: string | undefined): string | undefined {
  return id && name ? undefined : `The call has no ${id ? 'name' : 'id'}`;
}
