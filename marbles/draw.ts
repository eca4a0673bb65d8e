/** Draws every picture and the gallery anew, and writes the operators into README.md: `npm run marbles`. */
import { readFileSync } from 'node:fs';
import { written } from '../scripts/written.js';
import { drawings } from './gallery/drawings.js';
import { withOperators } from './gallery/readme.js';

for (const [path, text] of await drawings()) written(new URL(path, import.meta.url), text);
const readme = new URL('../README.md', import.meta.url);
written(readme, withOperators(readFileSync(readme, 'utf8')));
