/** Builds the site: `npm run site`; with `--serve` it shows it too. */
import { fileURLToPath } from 'node:url';
import { buildSite } from './build.js';
import { DIST } from './places.js';
import { serveSite } from './serve.js';

/** Where VitePress shows a site that is built. */
const PORT = 4173;

const start = performance.now();
const pages = await buildSite();
console.log(`${pages} pages in ${fileURLToPath(DIST)}, ${((performance.now() - start) / 1000).toFixed(1)} s`);
if (process.argv.includes('--serve')) console.log((await serveSite(DIST, PORT)).url);
