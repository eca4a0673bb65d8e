/** Writes what package.json and scripts/entryModules.ts say of the entries of `src`: `npm run exports`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { entryFields, entryModules } from './entries.js';

const file = new URL('../package.json', import.meta.url);
const manifest = JSON.parse(readFileSync(file, 'utf8')) as object;
writeFileSync(file, `${JSON.stringify({ ...manifest, ...entryFields() }, null, 2)}\n`);
console.log('package.json');
writeFileSync(new URL('entryModules.ts', import.meta.url), entryModules());
console.log('scripts/entryModules.ts');
