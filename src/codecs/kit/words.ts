/** The words of a protocol for what we have words for too, both ways. */
export interface Words {
  /** @returns our word; theirs as it came where we have none; `null` where nothing was said */
  ours(theirs: string | null | undefined): string | null;
  /** @returns their word; `undefined` where they have none */
  theirs(ours: string | null | undefined): string | undefined;
}

/**
 * Makes a dictionary, as of stop reasons. Several of their words may mean the same, and so may several of ours: the
 * first row that has a word is the one that counts, in each direction.
 *
 * @param spelled - how a word of theirs is spelled before it is looked up
 */
export function words(
  rows: readonly (readonly [theirs: string, ours: string])[],
  spelled: (theirs: string) => string = (theirs) => theirs,
): Words {
  // Of rows with the same word the first is put in last.
  const backwards = [...rows].reverse();
  const toOurs = new Map(backwards);
  const toTheirs = new Map(backwards.map(([theirs, ours]) => [ours, theirs]));
  return {
    ours: (theirs) => (theirs ? (toOurs.get(spelled(theirs)) ?? theirs) : null),
    theirs: (ours) => toTheirs.get(ours ?? ''),
  };
}
