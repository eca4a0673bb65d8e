import { existsSync, readdirSync, readFileSync } from 'node:fs';

const ROOT = new URL('../../', import.meta.url);

/** What is read outside this repository too, such as on npm, where a relative link leads nowhere. */
const READ_ELSEWHERE = ['README.md'];

const PAGES = [
  ...namesIn(''),
  ...namesIn('docs/'),
  ...namesIn('docs/decisions/'),
  ...namesIn('examples/angular/'),
  ...namesIn('skills/').map((name) => `${name}/SKILL.md`),
].filter((path) => path.endsWith('.md'));

/** A file of this repository at an address: of its page, of its text, or of its folder. */
const HERE =
  /^https:\/\/(?:github\.com\/rxjs-llm-stream\/rxjs-llm-stream\/(?:blob|tree)|raw\.githubusercontent\.com\/rxjs-llm-stream\/rxjs-llm-stream)\/main\/(.*)$/;

function namesIn(folder: string): string[] {
  return readdirSync(new URL(folder, ROOT)).map((name) => `${folder}${name}`);
}

/** The links and pictures of a page, those in its code left out. */
function linksOf(path: string): string[] {
  const text = textOf(path)
    .replace(/^```[^]*?^```$/gm, '')
    .replace(/`[^`\n]*`/g, '');
  return Array.from(text.matchAll(/\]\(([^()\s]+)\)/g), ([, link = '']) => link);
}

function textOf(path: string): string {
  return readFileSync(new URL(path, ROOT), 'utf8');
}

/** What a page can be linked to by, as GitHub names its headings. */
function anchorsOf(path: string): ReadonlySet<string> {
  const headings = textOf(path)
    .replace(/^```[^]*?^```$/gm, '')
    .matchAll(/^#+ (.+)$/gm);
  return new Set(
    Array.from(headings, ([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

/** Where a link of a page leads within this repository; `undefined` where it leads elsewhere. */
function placeOf(link: string, page: string): { path: string; anchor: string | undefined } | undefined {
  const [, found] = HERE.exec(link) ?? [];
  if (found === undefined && /^[a-z]+:/.test(link)) return undefined;
  const [target = '', anchor] = (found ?? link).split('#');
  if (target === '') return { path: page, anchor };
  const { href } = new URL(target, found === undefined ? new URL(page, ROOT) : ROOT);
  return { path: decodeURI(href.slice(ROOT.href.length)), anchor };
}

function isBroken(link: string, page: string): boolean {
  const place = placeOf(link, page);
  if (place === undefined) return false;
  if (!existsSync(new URL(place.path, ROOT))) return true;
  return place.anchor !== undefined && !anchorsOf(place.path).has(place.anchor);
}

describe('a link', () => {
  it.each(READ_ELSEWHERE)('of %s is absolute, or leads within the page', (page) => {
    const links = linksOf(page);
    expect(links.length).toBeGreaterThan(10);
    expect(links.filter((link) => !/^(?:https?:\/\/|#)/.test(link))).toEqual([]);
  });

  it.each(PAGES)('of %s leads to a file and a heading that are here', (page) => {
    expect(linksOf(page).filter((link) => isBroken(link, page))).toEqual([]);
  });

  it('that leads nowhere would be seen', () => {
    expect(isBroken('docs/nowhere.md', 'README.md')).toBe(true);
    expect(isBroken('#nowhere', 'README.md')).toBe(true);
    expect(
      isBroken('https://github.com/rxjs-llm-stream/rxjs-llm-stream/blob/main/nowhere.md', 'README.md'),
    ).toBe(true);
    expect(isBroken('https://rxjs.dev/nowhere', 'README.md')).toBe(false);
  });
});
