/** Writes the page on what each protocol carries, and the protocols of README.md: `npm run protocols`. */
import { readFileSync } from 'node:fs';
import { PRESENTED } from '../test/codecs/conformance/protocols.js';
import { protocolsPage, withProtocols } from './protocolsPage.js';
import { written } from './written.js';

const readme = new URL('../README.md', import.meta.url);

written(new URL('../docs/protocols.md', import.meta.url), protocolsPage(PRESENTED));
written(readme, withProtocols(readFileSync(readme, 'utf8'), PRESENTED));
