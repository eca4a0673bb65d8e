/** What the links of built pages lead to. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileAt } from '../build/serve.js';

interface BuiltPage {
  /** Below the site: `guide/index.html`. */
  readonly path: string;
  readonly links: readonly string[];
  readonly ids: ReadonlySet<string>;
}

/** @returns the pages of a built site, in their order */
export function builtPages(folder: URL): readonly BuiltPage[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.html') && !path.startsWith('playground/'))
    .sort()
    .map((path) => {
      const html = readFileSync(new URL(path, folder), 'utf8');
      return {
        path,
        links: valuesOf(html, /\s(?:href|src)="([^"]*)"/g),
        ids: new Set(valuesOf(html, /\sid="([^"]*)"/g)),
      };
    });
}

/** @returns each link that leads to no file or no heading, with its page; links to other hosts are left out */
export function brokenLinks(folder: URL, pages = builtPages(folder)): readonly string[] {
  const idsOf = new Map(pages.map(({ path, ids }) => [new URL(path, folder).href, ids]));
  return pages.flatMap(({ path, links }) =>
    links
      .filter((link) => !/^[a-z]+:/.test(link))
      .filter((link) => {
        const { pathname, hash } = new URL(link, `http://site/${path}`);
        const file = fileAt(folder, decodeURIComponent(pathname));
        if (file === undefined) return true;
        const ids = idsOf.get(file.href);
        return hash !== '' && ids !== undefined && !ids.has(decodeURIComponent(hash.slice(1)));
      })
      .map((link) => `${path} → ${link}`),
  );
}

function valuesOf(html: string, pattern: RegExp): readonly string[] {
  return Array.from(html.matchAll(pattern), ([, value = '']) =>
    value.replaceAll('&amp;', '&').replaceAll('&#39;', "'"),
  );
}
