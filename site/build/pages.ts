/** Writes the source of the site: `pages/`, with its pictures and its menu. */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { llmsFullText } from '../../scripts/agentFiles.js';
import { relinked } from '../../scripts/markdown.js';
import { placeOf, ROOT } from '../../scripts/repository.js';
import { recordingText } from '../../src/testing.js';
import { forecast } from '../../test/pictures/example.js';
import { apiPages } from './api.js';
import { withSections } from './contents.js';
import { documentPages, ELSEWHERE } from './documents.js';
import { menuOf } from './menu.js';
import { operatorPages } from './operatorPages.js';
import { pictureHtml, writePictures } from './pictures.js';
import { PAGES, Places, SITE, type Page } from './places.js';

const PICTURE = /^!\[([^\]]*)\]\((\S+)\)$/gm;

/** Writes all pages anew. */
export async function writePages(): Promise<void> {
  rmSync(PAGES, { recursive: true, force: true });
  const documents = documentPages();
  const places = new Places(documents, ELSEWHERE);
  const pages = [
    ...documents.map((page) => ({ ...page, text: onSite(page, places) })),
    ...(await operatorPages()),
    ...apiPages(),
  ];
  for (const page of [...pages, decisionsPage(documents)]) writePage(page);
  writeContents((piece, file) => onSite({ text: piece, source: file }, places));
  const pictures = readdirSync(new URL('marbles/pictures/', ROOT)).map((name) => `marbles/pictures/${name}`);
  writePictures(
    [...pictures, 'docs/recorded-stream.svg', 'docs/benchmarks.svg', 'docs/latency.svg'],
    new URL('public/', PAGES),
  );
  copyPlayground();
  writeFileSync(new URL('menu.json', PAGES), JSON.stringify(menuOf(pages), null, 2));
}

/** A page with its pictures as the site shows them, and its links led to the pages of the site. */
function onSite({ text, source }: Pick<Page, 'text' | 'source'>, places: Places): string {
  const pictured = text.replace(PICTURE, (_, words: string, target: string) => {
    const file = placeOf(target, source)?.file;
    if (file === undefined) throw new Error(`${source} shows a picture of another host: ${target}`);
    return pictureHtml(file, words);
  });
  return relinked(pictured, (link) => places.target(link, source));
}

/** The pages that the site alone has, with what they show of the documents. */
function writeContents(inSite: (piece: string, file: string) => string): void {
  const contents = new URL('content/', SITE);
  cpSync(contents, PAGES, { recursive: true });
  for (const path of readdirSync(contents, { recursive: true, encoding: 'utf8' })) {
    if (!path.endsWith('.md')) continue;
    const file = new URL(path, PAGES);
    writeFileSync(file, withSections(readFileSync(file, 'utf8'), inSite));
  }
  writeFileSync(new URL('public/forecast.jsonl', PAGES), recordingText(forecast));
  cpSync(new URL('llms.txt', ROOT), new URL('public/llms.txt', PAGES));
  writeFileSync(new URL('public/llms-full.txt', PAGES), llmsFullText());
}

function writePage({ path, title, text, source, description, outline, isWide = false }: Page): void {
  const file = new URL(`${path}.md`, PAGES);
  mkdirSync(new URL('.', file), { recursive: true });
  const front = {
    title,
    source,
    ...(description === undefined ? {} : { description }),
    ...(outline === undefined ? {} : { outline }),
    ...(isWide ? { aside: false } : {}),
  };
  const lines = Object.entries(front).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  writeFileSync(file, `---\n${lines.join('\n')}\n---\n\n${text}\n`);
}

function decisionsPage(documents: readonly Page[]): Page {
  const rows = documents
    .filter(({ path }) => path.startsWith('decisions/'))
    .map(({ path, title }) => `- [${title}](/${path})`);
  const text = `# Decisions\n\nWhat someone may want to undo, and why it is as it is.\n\n${rows.join('\n')}`;
  return { path: 'decisions/index', title: 'Decisions', text, source: 'docs/decisions' };
}

/** The playground and the viewer are built by themselves: one module for both, and a page of one file. */
function copyPlayground(): void {
  cpSync(new URL('playground/dist/', ROOT), new URL('public/playground/', PAGES), { recursive: true });
}
