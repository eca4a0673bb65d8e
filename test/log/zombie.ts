/** A producer in a process of its own: it opens a run in Redis, and writes a word for each line that it is sent. */
import { createInterface } from 'node:readline';
import { createClient } from 'redis';
import * as events from '../../src/events/make.js';
import { redisLog } from '../../src/log/redis.js';

const [port = '', run = ''] = process.argv.slice(2);
const url = `redis://127.0.0.1:${port}`;
const client = await createClient({ url })
  .on('error', () => undefined)
  .connect();
const subscriber = await createClient({ url })
  .on('error', () => undefined)
  .connect();
const writer = await redisLog({ client, subscriber, leaseMs: 300 }).open(run);
const say = (line: string): void => void process.stdout.write(`${line}\n`);
writer.asks.subscribe({ error: (error: unknown) => say(`asks: ${String(error)}`) });
say(`open ${writer.epoch}`);
for await (const word of createInterface({ input: process.stdin })) {
  say(
    await writer.append([events.textDelta(0, word)]).catch((error: unknown) => `refused: ${String(error)}`),
  );
}
process.exit();
