import type { CitationsDelta } from '../../events/delta.js';
import { isObject, type Json } from '../kit/json.js';
import type { ConverseBlockDelta, ConverseCitation } from './wire.js';

type Given = NonNullable<NonNullable<ConverseBlockDelta['delta']>['citation']>;

/** A citation as an event has it. */
export function citationIn(given: Given): CitationsDelta['citation'] {
  const web = given.location?.['web'];
  const url = isObject(web) ? web['url'] : undefined;
  const citation: ConverseCitation = {
    type: 'converse',
    ...(typeof url === 'string' && { url }),
    ...given,
  };
  // Citations of another provider pass as they came.
  return citation as object as CitationsDelta['citation'];
}

/** A citation as the service writes it: of another provider's the title, the passage and the address. */
export function citationOf(citation: object): Json | undefined {
  const { type, url, ...given }: Json = citation as Json;
  if (type === 'converse') return given;
  const title = [given['title'], given['document_title']].find((name) => typeof name === 'string');
  const text = given['cited_text'];
  const location = typeof url === 'string' ? { web: { url } } : undefined;
  const sourceContent = typeof text === 'string' ? [{ text }] : undefined;
  return title === undefined && !sourceContent && !location ? undefined : { title, sourceContent, location };
}
