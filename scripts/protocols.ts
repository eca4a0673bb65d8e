/** Writes the page on what each protocol carries: `npm run protocols`. */
import { writeFileSync } from 'node:fs';
import { PRESENTED } from '../test/codecs/conformance/protocols.js';
import { protocolsPage } from './protocolsPage.js';

writeFileSync(new URL('../docs/protocols.md', import.meta.url), protocolsPage(PRESENTED));
console.log('docs/protocols.md');
