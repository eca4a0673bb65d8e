import type { CitationsDelta } from '../../events/delta.js';
import { isObject, type Json } from '../kit/json.js';
import { membersOf } from './wire.js';

type Citation = CitationsDelta['citation'];

/** A source as it came: a citation of a type that only this protocol has. */
export function citationOf(part: Json): CitationsDelta {
  return { type: 'citations_delta', citation: part as object as Citation };
}

/** The sources that the citations at the end of a text name, as parts of their own would. */
export function sourcesIn(citations: unknown): readonly Json[] {
  if (!Array.isArray(citations)) return [];
  return citations.flatMap((given: unknown) => {
    const { source, citedText } = membersOf(given);
    if (!isObject(source)) return [];
    const { type: _type, sourceType, id, ...members } = source;
    if (sourceType !== 'url' && sourceType !== 'document') return [];
    return [
      { type: `source-${sourceType}`, sourceId: id, ...members, ...(isText(citedText) && { citedText }) },
    ];
  });
}

/** What tells a source from others. */
export function nameOfSource({ type, url, sourceId }: Json): string {
  return type === 'source-url' ? `url ${String(url)}` : `document ${String(sourceId)}`;
}

/**
 * The source that a citation is of.
 *
 * @param made - the id of one that has none
 * @returns `undefined` for a citation of what nobody else can look up
 */
export function sourceOf(citation: Citation, made: string): Json | undefined {
  const { type, url, title, sourceId, mediaType, filename }: Json = citation as object as Json;
  const id = isText(sourceId) ? sourceId : made;
  if (type === 'source-document')
    return {
      type,
      sourceId: id,
      mediaType: isText(mediaType) ? mediaType : 'application/octet-stream',
      title: isText(title) ? title : '',
      ...(isText(filename) && { filename }),
    };
  if (!isText(url)) return undefined;
  return { type: 'source-url', sourceId: id, url, ...(isText(title) && { title }) };
}

/** The citation of a source, for the end of a text in version 7. */
export function citationIn({ type, sourceId, ...members }: Json, citation: Citation): Json {
  const sourceType = type === 'source-url' ? 'url' : 'document';
  const { cited_text, citedText } = citation as object as Json;
  const said = [citedText, cited_text].find(isText);
  return {
    source: { type: 'source', sourceType, id: sourceId, ...members },
    ...(said !== undefined && { citedText: said }),
  };
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
