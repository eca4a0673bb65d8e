/**
 * Reads streams of frames that are alike, spoilt and cut at random, the short way and the long one, and looks whether all
 * that can be seen is the same: `npm run fuzz:short`, for `--chunks` (1,000,000) spoilt chunks from `--seed` on.
 */
import { parseArgs } from 'node:util';
import { compared } from '../test/fuzz/bothWays.js';
import { CODECS } from './codecs.js';

const { values: flags } = parseArgs({
  options: { chunks: { type: 'string', default: '1000000' }, seed: { type: 'string', default: '1' } },
});
const codecs = [...CODECS.values()].filter(({ shortWay }) => shortWay !== undefined);
const first = Number(flags.seed);
const most = Number(flags.chunks);
const rows = new Map(codecs.map(({ name }) => [name, { streams: 0, chunks: 0, mutated: 0, short: 0 }]));
let mutated = 0;
let flawed = 0;
let seed = first;
for (; mutated < most; seed++) {
  const codec = codecs[seed % codecs.length] as (typeof codecs)[number];
  const comparison = compared(codec, seed);
  const row = rows.get(codec.name) as { streams: number; chunks: number; mutated: number; short: number };
  row.streams++;
  row.chunks += comparison.chunks;
  row.mutated += comparison.mutated;
  row.short += comparison.short;
  mutated += comparison.mutated;
  if (comparison.difference === undefined) continue;
  flawed++;
  if (flawed <= 20) console.error(`seed ${seed}: ${comparison.what}: another ${comparison.difference}`);
}
for (const [name, { streams, chunks, mutated: spoilt, short }] of rows) {
  console.log(
    `${name}: ${streams} streams, ${chunks} chunks, ${spoilt} of them spoilt; ${short} frames went the short way`,
  );
}
console.log(`${mutated} spoilt chunks, seeds ${first} to ${seed - 1}`);
console.log(`${seed - first - flawed} passed, ${flawed} failed`);
process.exitCode = flawed === 0 ? 0 : 1;
