import { redisLog } from '../../../src/log/redis.js';
import { lawsOf, type Adapter } from '../laws.js';
import { CLIENTS, HAS_REDIS, RedisServer } from './server.js';
import { settled, type Settled } from './settled.js';

let server: RedisServer;
let prefix = 0;
const opened: Settled[] = [];

(HAS_REDIS ? describe : describe.skip)('on a Redis', () => {
  beforeAll(async () => {
    server = await RedisServer.start();
  });

  afterAll(async () => {
    for (const connections of opened) await connections.close();
    await server.close();
  });

  const adapter = (name: string, keep: number | undefined): Adapter => {
    let connections: Settled | undefined;
    return {
      name: `redisLog with ${name}${keep === undefined ? '' : ', which trims'}`,
      runs: 20,
      trims: keep !== undefined,
      async open() {
        if (connections === undefined) {
          connections = settled(await (CLIENTS[name] as (typeof CLIENTS)[string])(server.port));
          opened.push(connections);
        }
        // Each has a Redis that is empty, as far as it sees.
        return redisLog({ ...connections, prefix: `${prefix++}:`, keep: { entries: keep } });
      },
      settle: async () => connections?.settle(),
    };
  };

  for (const name of Object.keys(CLIENTS)) lawsOf(adapter(name, undefined));
  lawsOf(adapter('node-redis 6', 3));
  lawsOf(adapter('ioredis 6', 3));
});
