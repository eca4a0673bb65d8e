/**
 * What a chat adds to an Angular page, beside the same chat on plain `fetch`, on hashbrown and on `ai`: `npm run weights`.
 * It fetches those packages, so no check runs it.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const root = resolve(import.meta.dirname, '..');
const PEERS = ['@hashbrownai/angular@0.4.1', '@hashbrownai/core@0.4.1', 'ai@7', 'zod@4'];

/** The least that shows an answer: no tools, no history, no errors but those of the network. */
const PLAIN = `
import { signal } from '@angular/core';
export function plainChat(url) {
  const text = signal('');
  let abort = new AbortController();
  return {
    text,
    stop: () => abort.abort(),
    async ask(messages) {
      abort = new AbortController();
      text.set('');
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ messages }), signal: abort.signal });
      if (!response.ok) throw new Error(String(response.status));
      let rest = '';
      for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
        const frames = (rest + piece).split('\\n\\n');
        rest = frames.pop();
        for (const frame of frames) {
          const event = JSON.parse(frame.slice(frame.indexOf('data:') + 5));
          if (event.type === 'content_block_delta' && event.delta.type === 'text_delta')
            text.update((so) => so + event.delta.text);
        }
      }
    },
  };
}`;

const CHATS: Readonly<Record<string, string>> = {
  'plain fetch, text alone': PLAIN,
  'injectAnswer, provideStreams, anthropic': `
    export { injectAnswer, provideStreams } from '${root}/src/angular.ts';
    export { anthropic } from '${root}/src/anthropic.ts';`,
  'injectConversation, provideStreams, anthropic': `
    export { injectConversation, provideStreams } from '${root}/src/angular.ts';
    export { anthropic } from '${root}/src/anthropic.ts';`,
  'hashbrown: chatResource, provideHashbrown, createTool': `
    export { chatResource, provideHashbrown, createTool } from '@hashbrownai/angular';`,
  'ai: AbstractChat, DefaultChatTransport': `export { AbstractChat, DefaultChatTransport } from 'ai';`,
};

const scratch = mkdtempSync(join(tmpdir(), 'rxjs-llm-stream-weights-'));
try {
  writeFileSync(join(scratch, 'package.json'), '{ "private": true, "type": "module" }');
  execFileSync(
    'npm',
    ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--legacy-peer-deps', ...PEERS],
    {
      cwd: scratch,
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  console.log('| chat | gzip, kB | brotli, kB |\n| --- | ---: | ---: |');
  for (const [name, contents] of Object.entries(CHATS)) {
    const { outputFiles } = await build({
      stdin: { contents, resolveDir: scratch, loader: 'ts' },
      bundle: true,
      minify: true,
      // What is loaded with the first request that needs it counts by itself.
      splitting: true,
      outdir: join(scratch, 'out'),
      entryNames: 'main',
      format: 'esm',
      target: 'es2022',
      external: ['@angular/*', 'rxjs'],
      write: false,
      logLevel: 'error',
    });
    const loaded = initial(outputFiles);
    const sum = (size: (bytes: Uint8Array) => number): string =>
      (loaded.reduce((all, bytes) => all + size(bytes), 0) / 1000).toFixed(1);
    console.log(
      `| ${name} | ${sum((bytes) => gzipSync(bytes, { level: 9 }).length)} | ${sum((bytes) => brotliCompressSync(bytes).length)} |`,
    );
  }
} finally {
  rmSync(scratch, { recursive: true });
}

/** The files that a page loads at once: the entry, and what it imports. */
function initial(
  files: readonly { readonly path: string; readonly text: string; readonly contents: Uint8Array }[],
) {
  const main = files.find(({ path }) => path.endsWith('main.js'));
  const wanted = new Set([main]);
  for (const file of wanted)
    for (const [, name = ''] of file?.text.matchAll(/(?:from|import)"\.\/([^"]+)"/g) ?? [])
      wanted.add(files.find(({ path }) => path.endsWith(name)));
  return [...wanted].flatMap((file) => (file === undefined ? [] : [file.contents]));
}
