/** Pictures of the repository, once on white and once on black: the page has a switch, which an SVG does not see. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { read } from './places.js';

const DARK = '(prefers-color-scheme:dark)';
const THEMES = { light: ' not all', dark: ' all' } as const;

/** @returns HTML that shows a picture in the colours of the page */
export function pictureHtml(file: string, alternative: string): string {
  const [, width = '', height = ''] = /<svg[^>]* width="(\d+)" height="(\d+)"/.exec(read(file)) ?? [];
  const images = Object.keys(THEMES).map(
    (theme) =>
      `<img class="on-${theme}" src="/${pathOf(file, theme)}" alt="${escaped(alternative)}" width="${width}" height="${height}" loading="lazy">`,
  );
  return `<div class="picture" tabindex="0" role="group" aria-label="Picture">${images.join('')}</div>`;
}

/** Writes the pictures of these files below a folder. */
export function writePictures(files: Iterable<string>, folder: URL): void {
  mkdirSync(new URL('pictures/', folder), { recursive: true });
  for (const file of files) {
    const svg = read(file);
    for (const [theme, when] of Object.entries(THEMES)) {
      writeFileSync(new URL(pathOf(file, theme), folder), svg.replaceAll(DARK, when));
    }
  }
}

function pathOf(file: string, theme: string): string {
  const name = file.slice(file.lastIndexOf('/') + 1).replace(/\.svg$/, '');
  return `pictures/${name}.${theme}.svg`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
