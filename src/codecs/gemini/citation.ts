import type { CitationsDelta } from '../../events/delta.js';
import { isObject, type Json } from '../kit/json.js';

/** A page that an answer is grounded in. */
export interface GroundingCitation {
  readonly type: 'grounding';
  readonly url: string;
  readonly title?: string;
}

/** @returns the pages that are named in `groundingMetadata` */
export function citationsIn({ groundingChunks }: Json): readonly GroundingCitation[] {
  if (!Array.isArray(groundingChunks)) return [];
  return groundingChunks.flatMap((chunk: unknown): readonly GroundingCitation[] => {
    const web = isObject(chunk) ? chunk['web'] : undefined;
    const { uri: url, title }: Json = isObject(web) ? web : {};
    if (typeof url !== 'string' || url === '') return [];
    return [{ type: 'grounding', url, ...(typeof title === 'string' && { title }) }];
  });
}

/** The delta of a citation of another provider than the Messages API's, which passes as it came. */
export function citationsDelta(citation: GroundingCitation): CitationsDelta {
  return { type: 'citations_delta', citation: citation as object as CitationsDelta['citation'] };
}

/** @returns `groundingMetadata` that names these pages; a citation without an address is left out */
export function groundingOf(citations: Iterable<GroundingCitation>): Json | undefined {
  const groundingChunks = [...citations].map(({ url: uri, title }) => ({ web: { uri, title } }));
  return groundingChunks.length > 0 ? { groundingChunks } : undefined;
}
