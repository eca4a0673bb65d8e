import { opened, type Given } from '../../playground/model/opened.js';
import type { Step } from '../../playground/model/chain.js';
import type { Edit } from '../../playground/model/edits.js';
import { Session, type Shown } from '../../playground/model/session.js';
import { AT_ONCE } from '../../playground/model/slices.js';

/** What the playground shows of a source after edits, with chains. */
export async function shown(
  given: Given,
  chains: readonly (readonly Step[])[] = [],
  edits: readonly Edit[] = [],
): Promise<Shown> {
  const { feed } = await opened(given, AT_ONCE);
  return new Session().show(feed, edits, chains, AT_ONCE);
}

/** A step without options, or with those. */
export function step(name: string, options: Record<string, unknown> = {}): Step {
  return { name, options };
}
