/**
 * Builds the playground and the viewer: `npm run playground`. It writes `playground/dist/playground.js`, a module that defines both
 * elements, and `playground/dist/playground.html`, one file that needs nothing else and works from disk.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const root = resolve(import.meta.dirname, '..');
const dist = join(root, 'playground/dist');

const STYLE = `
:root { color-scheme: light dark; }
body { margin: 0; background: #fff; color: #1f2328; font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif; }
header, main { max-width: 1180px; margin: 0 auto; padding: 14px 20px 0; }
header { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: center; }
h1 { font-size: 17px; margin: 0 auto 0 0; letter-spacing: -0.01em; }
header button { font: inherit; font-size: 14px; color: inherit; background: none; border: 1px solid #8b949e; border-radius: 7px; padding: 5px 14px; cursor: pointer; }
header button[aria-pressed='true'] { background: #1f2328; color: #fff; border-color: #1f2328; }
main { padding-bottom: 40px; }
@media (prefers-color-scheme: dark) {
  body { background: #0b0e13; color: #e6edf3; }
  header button[aria-pressed='true'] { background: #e6edf3; color: #0b0e13; border-color: #e6edf3; }
}
@media (max-width: 640px) { header, main { padding: 10px 8px 0; } }
`;

mkdirSync(dist, { recursive: true });
const script = await bundled('playground/playground.ts');
const page = pageOf(await bundled('playground/page.ts'));
writeFileSync(join(dist, 'playground.js'), script);
writeFileSync(join(dist, 'playground.html'), page);
console.log(`playground.js    ${kilobytes(script)}`);
console.log(`playground.html  ${kilobytes(page)}`);

async function bundled(file: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [file],
    absWorkingDir: root,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'none',
    write: false,
    logLevel: 'warning',
  });
  const [output] = outputFiles;
  if (output === undefined) throw new Error(`esbuild made nothing of ${file}`);
  return output.text;
}

function pageOf(script: string): string {
  const policy = `default-src 'none'; script-src '${hashOf(script)}'; style-src '${hashOf(STYLE)}'; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="content-security-policy" content="${policy}">
<title>rxjs-llm-stream: playground</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>rxjs-llm-stream</h1>
<button type="button" data-shows="stream-playground">Playground</button>
<button type="button" data-shows="stream-viewer">Viewer</button>
</header>
<main>
<stream-playground></stream-playground>
<stream-viewer hidden></stream-viewer>
</main>
<script type="module">${script}</script>
</body>
</html>
`;
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

function kilobytes(text: string): string {
  return `${(text.length / 1_000).toFixed(0)} kB, ${(gzipSync(text).length / 1_000).toFixed(0)} kB gzipped`;
}
