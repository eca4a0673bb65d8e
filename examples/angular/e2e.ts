import { runTests } from './e2e/harness.js';
import { flows } from './e2e/flows.js';
import { layout } from './e2e/layout.js';
import { live } from './e2e/live.js';
import { speed } from './e2e/speed.js';

process.exitCode = await runTests([...flows, ...layout, ...speed, ...live]);
