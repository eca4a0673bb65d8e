/**
 * Measures what a log adds to the time that an event takes to a viewer in another process: `npm run bench:runs`, in some
 * minutes. `--write` keeps it in docs/latency.md.
 *
 *     npm run bench:runs -- --runs 50,500 --rounds 1
 */
import { writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { buildChild } from '../build.js';
import { PEERS_FOLDER } from '../child.js';
import { arePeersInstalled } from '../peers.js';
import { latencyOf } from './measure.js';
import { page, type Measured } from './page.js';
import { drawLatency } from './plot.js';
import { CARRIER_NAMES } from './subjects.js';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '50,150,500' },
    rounds: { type: 'string', default: '3' },
    write: { type: 'boolean', default: false },
  },
});

if (!arePeersInstalled(PEERS_FOLDER))
  throw new Error('The peers are not installed: run `npm ci` in bench/peers first');
const file = await buildChild('runs', 'runs/child.ts');
const loads = values.runs.split(',').map(Number);
const measured: Measured = { cells: [], loads, busy: [] };
for (let round = 0; round < Number(values.rounds); round++) {
  for (const runs of loads) {
    for (const carrier of CARRIER_NAMES) {
      process.stderr.write(`round ${round + 1}: ${runs} runs, ${carrier} …\n`);
      measured.busy.push(loadavg()[0] ?? NaN);
      measured.cells.push({ runs, carrier, ...(await latencyOf(file, carrier, runs)) });
    }
  }
}
const markdown = `${page(measured)}\n`;
process.stdout.write(markdown);
if (values.write) {
  const docs = new URL('../../docs/', import.meta.url);
  await writeFile(new URL('latency.md', docs), markdown);
  await writeFile(new URL('latency.svg', docs), drawLatency(measured));
}
