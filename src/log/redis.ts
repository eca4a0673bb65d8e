/** Runs in Redis: `rxjs-llm-stream/log/redis`. */
export type { IoRedisSubscriber, NodeRedisSubscriber, RedisSubscriber } from './redis/channels.js';
export type { IoRedisBatch, IoRedisClient, NodeRedisClient, RedisClient } from './redis/client.js';
export { redisLog, type RedisLogOptions } from './redis/redisLog.js';
