import { natsArena, postgresArena } from '../docs/logs/arenas.js';
import { HAS_NATS, HAS_POSTGRES } from '../docs/logs/servers.js';
import { runs } from '../seed.js';
import { isThorough } from '../thorough.js';
import { durableStreamsArena, memoryArena, redisArena } from './arenas.js';
import { playChaos } from './chaos.js';
import { HAS_REDIS } from './redis/server.js';

/** So many runs at the same time. */
const LANES = isThorough ? 20 : 4;

const ARENAS = [
  { name: 'memoryLog', open: memoryArena, steps: 3_000, isThere: true },
  { name: 'redisLog', open: redisArena, steps: 3_000, isThere: HAS_REDIS },
  { name: 'durableStreamsLog', open: durableStreamsArena, steps: 600, isThere: true },
  { name: 'natsLog', open: natsArena, steps: 600, isThere: HAS_NATS },
  { name: 'postgresLog', open: postgresArena, steps: 600, isThere: HAS_POSTGRES },
];

describe('runs at random, with everything going wrong that can', () => {
  it.each(ARENAS.filter(({ isThere, name }) => isThere && (isThorough || name === 'memoryLog')))(
    'lose nothing and double nothing: $name',
    async ({ open, steps }) => {
      const arena = await open();
      try {
        const seed = Number(process.env['SEED'] ?? 1);
        const played = await playChaos(arena, { seed, steps: runs(steps), lanes: LANES });
        expect(played.failures).toEqual([]);
        expect(played.steps).toBeGreaterThanOrEqual(runs(steps));
        expect(played.ends.get('done')).toBeGreaterThan(0);
      } finally {
        await arena.close();
      }
    },
  );
});
