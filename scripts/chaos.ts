/**
 * Plays runs at random on every log, with everything going wrong that can: `npm run chaos`, in two minutes.
 *
 *     npm run chaos -- --steps 20000 --seconds 40 --seed 7 --log memory
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { natsArena, postgresArena } from '../test/docs/logs/arenas.js';
import { durableStreamsArena, memoryArena, redisArena } from '../test/log/arenas.js';
import { playChaos } from '../test/log/chaos.js';

/** What is played where no log is named. */
const OURS = ['memory', 'redis', 'durable-streams'];

const ARENAS = {
  memory: memoryArena,
  redis: redisArena,
  'durable-streams': durableStreamsArena,
  nats: natsArena,
  postgres: postgresArena,
};

const { values } = parseArgs({
  options: {
    steps: { type: 'string', default: '100000' },
    seconds: { type: 'string', default: '110' },
    seed: { type: 'string', default: '1' },
    log: { type: 'string' },
  },
});

if (values.log === undefined) {
  // One process for each server: they would wait for one another.
  const failures = await Promise.all(OURS.map(inProcess));
  const failed = failures.filter(Boolean).length;
  console.log(`${failures.length - failed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
} else process.exitCode = (await play(values.log as keyof typeof ARENAS)) ? 0 : 1;

async function inProcess(log: string): Promise<boolean> {
  const { steps, seconds, seed } = values;
  const args = ['--log', log, '--steps', steps, '--seconds', seconds, '--seed', seed];
  const child = fork(fileURLToPath(import.meta.url), args, { execArgv: process.execArgv });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code !== 0;
}

/** @returns whether no law was broken */
async function play(log: keyof typeof ARENAS): Promise<boolean> {
  const arena = await ARENAS[log]();
  const began = Date.now();
  const until = began + Number(values.seconds) * 1_000;
  const steps = Number(values.steps);
  const played = await playChaos(arena, { seed: Number(values.seed), steps, lanes: 60, until });
  await arena.close();
  const seconds = ((Date.now() - began) / 1_000).toFixed(0);
  const ends = Array.from(played.ends, ([end, count]) => `${count} ${end}`).join(', ');
  console.log(
    `${arena.name}: ${played.steps} steps in ${played.worlds} runs, ${seconds} s; viewers: ${ends}`,
  );
  for (const failure of played.failures) console.log(`FAILED: ${arena.name}, ${failure}`);
  return played.failures.length === 0;
}
