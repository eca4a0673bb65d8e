/** Draws every picture and the gallery anew: `npm run marbles`. */
import { writeFileSync } from 'node:fs';
import { drawings } from './gallery/drawings.js';

for (const [path, text] of await drawings()) {
  writeFileSync(new URL(path, import.meta.url), text);
  console.log(`marbles/${path}`);
}
