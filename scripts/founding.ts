/** Writes the page on what the library was founded on: `npm run founding`. */
import { writeFileSync } from 'node:fs';
import { LIST } from '../test/founding/list.js';
import { foundingPage } from '../test/founding/page.js';

writeFileSync(new URL('../docs/founding.md', import.meta.url), foundingPage(LIST));
console.log('docs/founding.md');
