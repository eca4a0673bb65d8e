import type { MarkdownEnv, MarkdownRenderer } from 'vitepress';

const FENCE = /^```[^]*?^```$/gm;

/**
 * What of a page is found by a search: its prose and its headings, and of the reference the headings alone. To colour code a second
 * time, for words that nobody sees, would take as long as all pages take.
 *
 * @returns HTML, as the search reads it
 */
export function searched(source: string, env: MarkdownEnv, md: MarkdownRenderer): string {
  const text = source.replace(FENCE, '');
  const headings = [...text.matchAll(/^#{1,3} .+$/gm)].join('\n\n');
  return md.render(env.relativePath.startsWith('api/') ? headings : text, env);
}
