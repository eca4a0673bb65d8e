/**
 * Spoils recorded streams at random and looks whether each completes or fails as promised: `npm run fuzz`, for
 * `--seconds` (20) from `--seed` on. A seed that is told repeats its case.
 */
import { parseArgs } from 'node:util';
import { attempt } from '../test/fuzz/attempt.js';
import { streams } from '../test/fuzz/streams.js';

const { values: flags } = parseArgs({
  options: {
    seconds: { type: 'string', default: '20' },
    seed: { type: 'string' },
    cases: { type: 'string' },
  },
});
const first = Number(flags.seed ?? Math.floor(Math.random() * 2 ** 31));
const cases = flags.cases === undefined ? Infinity : Number(flags.cases);
const end = performance.now() + Number(flags.seconds) * 1000;

/** So many ms of CPU time for a byte is linear beyond doubt: a hundred times what a slow machine takes. */
const MOST_PER_BYTE = 0.01;
const MOST_FIXED = 1_000;

const all = streams();
const largest = Math.max(...all.map(({ bytes }) => bytes.length));
const outcomes = new Map<string, number>();
let flawed = 0;
let slowest = 0;
let seed = first;

process.on('unhandledRejection', (reason) => {
  flawed++;
  console.error(`An unhandled rejection at seed ${seed}: ${String(reason)}`);
});

console.log(`${all.length} streams, from seed ${first} on`);
for (; seed < first + cases && performance.now() < end; seed++) {
  const before = process.cpuUsage();
  const { what, outcome, flaws } = attempt(all, seed);
  const { user, system } = process.cpuUsage(before);
  const time = (user + system) / 1000;
  slowest = Math.max(slowest, time);
  if (time > MOST_FIXED + largest * MOST_PER_BYTE) tell(what, [`it took ${time.toFixed(0)} ms of CPU time`]);
  tell(what, flaws);
  outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  // Lets a rejection that nobody handles come to light.
  if (seed % 100 === 0) await new Promise(setImmediate);
}
const total = seed - first;
const counts = [...outcomes].sort(([, a], [, b]) => b - a).map(([outcome, count]) => `${outcome} ${count}`);
console.log(`${counts.join(', ')}; the slowest took ${slowest.toFixed(0)} ms of CPU time`);
console.log(`${total - Math.min(flawed, total)} passed, ${flawed} failed`);
process.exitCode = flawed === 0 && total > 0 ? 0 : 1;

function tell(what: string, flaws: readonly string[]): void {
  if (flaws.length === 0) return;
  flawed++;
  console.error(`seed ${seed}: ${what}: ${flaws.join('; ')}`);
}
