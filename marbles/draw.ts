/** Draws every picture and the gallery anew, and writes the operators into README.md: `npm run marbles`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { drawings } from './gallery/drawings.js';
import { withOperators } from './gallery/readme.js';

for (const [path, text] of await drawings()) {
  writeFileSync(new URL(path, import.meta.url), text);
  console.log(`marbles/${path}`);
}
const readme = new URL('../README.md', import.meta.url);
writeFileSync(readme, withOperators(readFileSync(readme, 'utf8')));
console.log('README.md');
