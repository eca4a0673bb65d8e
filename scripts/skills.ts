/** Writes `skills/` and `llms.txt` anew, for coding agents: `npm run skills`. */
import { mkdirSync } from 'node:fs';
import { agentFiles } from './agentFiles.js';
import { written } from './written.js';

const ROOT = new URL('../', import.meta.url);

for (const [path, text] of agentFiles()) {
  const file = new URL(path, ROOT);
  mkdirSync(new URL('.', file), { recursive: true });
  written(file, text);
}
