/** The reference of every entry, made from its types by TypeDoc. */
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { posix } from 'node:path';
import { ENTRIES, specifierOf } from '../../scripts/entries.js';
import { anchorsOf, relinked, sectionsOf, type Section } from '../../scripts/markdown.js';
import { SITE, type Page } from './places.js';

/** Where TypeDoc writes, as `typedoc.json` says. */
const WRITTEN = new URL('.vitepress/cache/api/', SITE);
const ROOT_ENTRY = 'index';
/** The parts of the root, which is too long for one page, by the headings that TypeDoc gives them. */
const PARTS = ['Functions', 'Interfaces', 'Type Aliases'];
const REST = 'Classes and values';

/** A page of the reference, and what TypeDoc called it: links of others lead there. */
interface Part {
  readonly page: Page;
  /** Below {@link WRITTEN}: `log/redis.md`. */
  readonly written: string;
}

/** @returns the arguments for TypeDoc */
export function apiArguments(): readonly string[] {
  rmSync(WRITTEN, { recursive: true, force: true });
  mkdirSync(WRITTEN, { recursive: true });
  return ENTRIES.flatMap((entry) => ['--entryPoints', `../src/${entry}.ts`]);
}

/** @returns the pages of what TypeDoc has written */
export function apiPages(): readonly Page[] {
  const parts = readdirSync(WRITTEN, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.md') && path !== 'index.md')
    .sort()
    .flatMap((path) => partsOf(path, readFileSync(new URL(path, WRITTEN), 'utf8')));
  const anchors = new Map(parts.map((part) => [part, anchorsIn(part.page.text)]));
  return [overview(parts), ...parts.map((part) => withLinks(part, parts, anchors))];
}

function partsOf(written: string, text: string): readonly Part[] {
  const entry = written.replace(/\.md$/, '').replace(/\/index$/, '');
  const [, namespace] = /namespaces\/(\w+)$/.exec(entry) ?? [];
  if (namespace !== undefined)
    return [partOf(written, `api/${namespace}`, `rxjs-llm-stream: ${namespace}`, text)];
  if (entry !== ROOT_ENTRY) return [partOf(written, `api/${entry}`, specifierOf(entry), text)];
  const sections = sectionsOf(text).filter(({ title }) => title !== '');
  return [...PARTS, REST].map((title) => {
    const found = sections.filter((section) =>
      title === REST ? !PARTS.includes(section.title) : section.title === title,
    );
    return partOf(written, `api/root/${pathOf(title)}`, `rxjs-llm-stream: ${title}`, joined(found));
  });
}

function partOf(written: string, path: string, title: string, text: string): Part {
  const body = text.replace(/^# .+\n/, '').replace(/^\*\*\*\n/gm, '');
  return { written, page: { path, title, text: `# ${title}\n\n${body}`, source: 'src', outline: [2, 3] } };
}

function joined(sections: readonly Section[]): string {
  return sections.map(({ text }) => text).join('\n\n');
}

function pathOf(title: string): string {
  return title.toLowerCase().replaceAll(' ', '-');
}

/** TypeDoc links from file to file, and counts headings of one name over all of it; a file may have become several pages. */
function withLinks(
  { page, written }: Part,
  parts: readonly Part[],
  anchors: ReadonlyMap<Part, ReadonlySet<string>>,
): Page {
  const text = relinked(page.text, (link) => {
    if (/^[a-z]+:/.test(link)) return link;
    const [file = '', anchor = ''] = link.split('#');
    const target = file === '' ? written : posix.normalize(posix.join(posix.dirname(written), file));
    const candidates = parts.filter((part) => part.written === target);
    for (const name of [anchor, anchor.replace(/-\d+$/, '')]) {
      const found = candidates.find((part) => anchors.get(part)?.has(name));
      if (found !== undefined) return `/${found.page.path}#${name}`;
    }
    return `/${candidates[0]?.page.path ?? 'api/'}`;
  });
  return { ...page, text };
}

function anchorsIn(text: string): ReadonlySet<string> {
  const named = anchorsOf(text);
  const counted = named.map((name, nth) => {
    const before = named.slice(0, nth).filter((other) => other === name).length;
    return before === 0 ? name : `${name}-${before}`;
  });
  return new Set([...counted, ...Array.from(text.matchAll(/<a id="([^"]+)">/g), ([, id = '']) => id)]);
}

function overview(parts: readonly Part[]): Page {
  const rows = parts.map(({ page }) => `- [\`${page.title}\`](/${page.path})`);
  const text = `# Reference\n\nEvery entry of the package, and all that it exports, made from the types.\n\n${rows.join('\n')}`;
  return { path: 'api/index', title: 'Reference', text, source: 'src' };
}

/** A link of a menu. */
interface Item {
  readonly text: string;
  readonly link: string;
}

/** @returns the menu of the reference: the root in its parts, then the other entries */
export function apiMenu(
  pages: readonly Page[],
): readonly { readonly text: string; readonly items: readonly Item[] }[] {
  const reference = pages.filter(({ path }) => path.startsWith('api/') && path !== 'api/index');
  const isOfRoot = ({ path }: Page): boolean => path.startsWith('api/root/') || path === 'api/events';
  const item = ({ path, title }: Page): Item => ({
    text: title.replace(/^rxjs-llm-stream[:/] ?/, ''),
    link: `/${path}`,
  });
  return [
    { text: 'Reference', items: [{ text: 'All entries', link: '/api/' }] },
    { text: 'rxjs-llm-stream', items: reference.filter(isOfRoot).map(item) },
    { text: 'rxjs-llm-stream/…', items: reference.filter((page) => !isOfRoot(page)).map(item) },
  ];
}
