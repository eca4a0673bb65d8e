/** Writes the table of faults and the errors into docs/reliability.md anew: `npm run reliability`. */
import { readFileSync } from 'node:fs';
import { withGenerated } from '../test/faults/page.js';
import { written } from './written.js';

const page = new URL('../docs/reliability.md', import.meta.url);

written(page, await withGenerated(readFileSync(page, 'utf8')));
