import { runTests } from './e2e/harness.js';
import { flows } from './e2e/flows.js';
import { layout } from './e2e/layout.js';
import { live } from './e2e/live.js';
import { markdown } from './e2e/markdown.js';
import { serverRender } from './e2e/serverRender.js';
import { speed } from './e2e/speed.js';

/** What another version of Angular could do otherwise: to what the server and the page hold to, one is enough. */
const short = [...serverRender, ...flows];

process.exitCode = await runTests(
  process.argv.includes('--short') ? short : [...short, ...layout, ...markdown, ...speed, ...live],
);
