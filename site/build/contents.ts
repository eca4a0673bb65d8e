/** What pages of the site show out of the documents: `<!-- from docs/angular.md#what-it-weighs -->`. */
import { sectionsOf, slug } from '../../scripts/markdown.js';
import { read } from './places.js';

const DIRECTIVE = /^<!-- (from|table of|code of|count of) (\S+)#(\S*) -->$/gm;

/**
 * @param text - a page of `content/`
 * @param onSite - what a piece of a document becomes on the site
 * @returns the page with the sections in place of the comments that name them
 * @throws Error where a document has no such section
 */
export function withSections(text: string, onSite: (piece: string, file: string) => string): string {
  return text.replace(DIRECTIVE, (_, what: string, file: string, anchor: string) => {
    const section = sectionsOf(read(file)).find(({ title }) => slug(title) === anchor);
    if (section === undefined)
      throw new Error(`${file} has no section #${anchor}, which a page of the site shows`);
    const body = section.text.replace(/^## .+\n/, '').trim();
    if (what === 'count of') return countOf(body);
    if (what === 'code of') return pieceOf(body, /^```ts\n[^]*?^```$/m);
    return onSite(what === 'from' ? body : pieceOf(body, /(?:^\|.*\n?)+/m), file);
  });
}

function pieceOf(body: string, pattern: RegExp): string {
  const found = pattern.exec(body)?.[0];
  if (found === undefined) throw new Error(`${pattern.source} is not where a page of the site shows it`);
  return found.trim();
}

/** How many rows the tables of a section have, by the headings over them. */
function countOf(body: string): string {
  const [, ...parts] = body.split(/^### /m);
  const rows = parts.map((part) => {
    const [title = ''] = part.split('\n', 1);
    return [title, Array.from(part.matchAll(/^\|/gm)).length - 2] as const;
  });
  const all = rows.reduce((sum, [, count]) => sum + count, 0);
  return [
    '| what it befalls | tests |',
    '| --- | ---: |',
    ...rows.map(([title, count]) => `| ${title} | ${count} |`),
    `| together | ${all} |`,
  ].join('\n');
}
