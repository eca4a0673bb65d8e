/** Writes the table of faults and the errors into docs/reliability.md anew: `npm run reliability`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { withGenerated } from '../test/faults/page.js';

const page = new URL('../docs/reliability.md', import.meta.url);

writeFileSync(page, await withGenerated(readFileSync(page, 'utf8')));
console.log('docs/reliability.md');
