/** Holds the built pages to a policy without exceptions: what stands in them as a script moves into files. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

/** Only what comes from the site itself, and the small pictures in its style sheet. */
export const POLICY =
  "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'";

/** What the theme sets in the browser anew, and what the style sheet says too. */
const NEEDLESS = / style="(?:--vp-vh:0px|position:relative);"/g;

/**
 * @param folder - the built site, whose pages are written anew
 * @returns how many pages it has
 * @throws Error for a page with a style or a handler in its markup
 */
export function keepPolicy(folder: URL): number {
  const pages = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith('.html') && !path.startsWith('playground/'),
  );
  for (const path of pages) {
    const file = new URL(path, folder);
    const { html, scripts } = withoutScripts(readFileSync(file, 'utf8').replace(NEEDLESS, ''));
    const [forbidden] = /<[^>]*\s(?:style|on\w+)="[^>]*>/.exec(html) ?? [];
    if (forbidden !== undefined)
      throw new Error(`${path} has a style or a handler in its markup: ${forbidden}`);
    for (const [name, text] of scripts) writeFileSync(new URL(name, folder), text);
    writeFileSync(file, withPolicy(html));
  }
  return pages.length;
}

/** @returns the page with a file in place of each script that stands in it, and those files */
export function withoutScripts(page: string): { html: string; scripts: ReadonlyMap<string, string> } {
  const scripts = new Map<string, string>();
  const html = page.replace(
    /<script([^>]*)>((?:(?!<\/script>)[^])+)<\/script>/g,
    (_, attributes: string, text: string) => {
      const name = `assets/inline.${createHash('sha256').update(text).digest('hex').slice(0, 8)}.js`;
      scripts.set(name, text);
      return `<script${attributes} src="/${name}"></script>`;
    },
  );
  return { html, scripts };
}

function withPolicy(page: string): string {
  return page.replace('<head>', `<head><meta http-equiv="Content-Security-Policy" content="${POLICY}">`);
}
