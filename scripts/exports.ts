/** Writes what package.json and scripts/entryModules.ts say of the entries of `src`: `npm run exports`. */
import { readFileSync } from 'node:fs';
import { entryFields, entryModules } from './entries.js';
import { written } from './written.js';

const file = new URL('../package.json', import.meta.url);
const manifest = JSON.parse(readFileSync(file, 'utf8')) as object;

written(file, `${JSON.stringify({ ...manifest, ...entryFields() }, null, 2)}\n`);
written(new URL('entryModules.ts', import.meta.url), entryModules());
