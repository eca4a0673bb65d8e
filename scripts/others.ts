/** Plays the faults of docs/reliability.md to other readers of the same bytes, and writes docs/others.md anew: `npm run others`. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { arePeersInstalled } from '../bench/peers.js';
import { PAGE, pageText, withPlayed } from '../test/faults/others/page.js';
import { aiSdk, READERS } from '../test/faults/others/readers.js';
import { written } from './written.js';

const peers = fileURLToPath(new URL('../bench/peers', import.meta.url));
// What is compared is installed where the benchmarks have it, and nowhere else.
if (!arePeersInstalled(peers)) execFileSync('npm', ['ci'], { cwd: peers, stdio: 'inherit' });

// It warns that it does not know the model.
Object.assign(globalThis, { AI_SDK_LOG_WARNINGS: false });
// A reader that gives up may leave a promise that nobody waits for.
process.on('unhandledRejection', () => undefined);
const versions = [
  versionOf('', '@anthropic-ai/sdk'),
  versionOf('bench/peers/', 'ai'),
  versionOf('bench/peers/', '@ai-sdk/anthropic'),
];
written(PAGE, await withPlayed(pageText(), [...READERS, await aiSdk(peers)], versions));
process.exit();

function versionOf(folder: string, name: string): string {
  const file = new URL(`../${folder}node_modules/${name}/package.json`, import.meta.url);
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string };
  return `\`${name}\` ${version}`;
}
