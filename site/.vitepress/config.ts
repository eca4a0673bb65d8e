import { existsSync, readFileSync } from 'node:fs';
import { createCssVariablesTheme } from 'shiki';
import { fileURLToPath } from 'node:url';
import { defineConfig, type DefaultTheme } from 'vitepress';
import { slug } from '../../scripts/markdown.js';
import { classesForColours, plainCode, tables } from './markup.js';
import { searched } from './searched.js';

const GITHUB = 'https://github.com/rxjs-llm-stream/rxjs-llm-stream';
const ROOT = new URL('../../', import.meta.url);
const menu = new URL('../pages/menu.json', import.meta.url);

export default defineConfig({
  title: 'rxjs-llm-stream',
  description: 'RxJS operators for the event streams that LLM servers send',
  lang: 'en',
  srcDir: 'pages',
  outDir: '.vitepress/dist',
  cacheDir: '.vitepress/cache',
  head: [['link', { rel: 'icon', type: 'image/svg+xml', href: '/logo.svg' }]],
  // What is the same on all pages stands in files: a policy without exceptions for scripts in the page.
  metaChunk: true,
  // Its way to do so is a style element, which the policy forbids.
  appearance: { disableTransition: false },
  markdown: {
    theme: createCssVariablesTheme({ name: 'marbles', variablePrefix: '--code-' }),
    codeTransformers: [classesForColours],
    anchor: { slugify: slug },
    config: (md) => {
      plainCode(md);
      tables(md);
    },
  },
  vite: {
    resolve: {
      alias: [
        { find: /^rxjs-llm-stream$/, replacement: fileURLToPath(new URL('src/index.ts', ROOT)) },
        { find: /^rxjs-llm-stream\/(.*)$/, replacement: `${fileURLToPath(new URL('src/', ROOT))}$1.ts` },
      ],
    },
    server: { fs: { allow: [fileURLToPath(ROOT)] } },
    build: {
      chunkSizeWarningLimit: 2_000,
      rollupOptions: {
        onwarn: (warning, warn) => {
          // Comments of a package that another bundler reads.
          if (warning.code !== 'INVALID_ANNOTATION') warn(warning);
        },
      },
    },
  },
  vue: { template: { compilerOptions: { isCustomElement: (tag) => tag.startsWith('stream-') } } },
  themeConfig: {
    logo: '/logo.svg',
    nav: [
      { text: 'Guide', link: '/guide/', activeMatch: '^/(guide|back-end|protocols|testing|reliability)/' },
      { text: 'Operators', link: '/operators/', activeMatch: '^/operators/' },
      { text: 'Playground', link: '/playground', activeMatch: '^/(playground|viewer)' },
      { text: 'Reference', link: '/api/', activeMatch: '^/api/' },
      { text: 'Why', link: '/why/', activeMatch: '^/why/' },
    ],
    sidebar: existsSync(menu) ? (JSON.parse(readFileSync(menu, 'utf8')) as DefaultTheme.SidebarMulti) : {},
    outline: { level: [2, 2], label: 'On this page' },
    search: { provider: 'local', options: { _render: searched } },
    socialLinks: [{ icon: 'github', link: GITHUB, ariaLabel: 'GitHub' }],
    docFooter: { prev: 'Before', next: 'Next' },
    footer: { message: 'MIT' },
  },
});
