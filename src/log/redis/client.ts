/** A command with its arguments. Clients take it as it is, and do not change it. */
export type Command = [name: string, ...args: string[]];

/** What a log needs of a client of node-redis, 5 or 6. */
export interface NodeRedisClient {
  sendCommand(args: string[]): Promise<unknown>;
  multi(): {
    addCommand(args: string[]): unknown;
    exec(): Promise<readonly unknown[]>;
    execAsPipeline(): Promise<readonly unknown[]>;
  };
}

/** What a log needs of a client of ioredis, 5 or 6. */
export interface IoRedisClient {
  call(command: string, ...args: string[]): Promise<unknown>;
  pipeline(commands: unknown[][]): IoRedisBatch;
  multi(commands: unknown[][]): IoRedisBatch;
}

/** Commands of ioredis that are sent together. */
export interface IoRedisBatch {
  exec(): Promise<readonly (readonly [error: Error | null, reply: unknown])[] | null>;
}

/** A client of node-redis or of ioredis. */
export type RedisClient = NodeRedisClient | IoRedisClient;

/** Sends commands, whichever client it is. */
export interface Sender {
  /** @returns the reply; rejected with what the client or Redis says */
  one(command: Command): Promise<unknown>;
  /**
   * Sends commands together, so that they reach Redis in this order, and none of them over another connection than those
   * before it.
   *
   * @returns the reply to the first; of the others nobody hears
   */
  lead(...commands: Command[]): Promise<unknown>;
  /** Sends commands of which none is carried out without the others, and nothing in between. */
  atomic(...commands: Command[]): Promise<void>;
}

/**
 * @param client - a client of node-redis or of ioredis
 * @throws TypeError for what is none, such as the promise of one
 */
export function senderOf(client: RedisClient): Sender {
  requireClient('client', client, 'sendCommand');
  return 'call' in client ? ofIoRedis(client) : ofNodeRedis(client);
}

/** @throws TypeError, which names the option, for what has no such method */
export function requireClient(option: string, given: unknown, method: 'sendCommand' | 'subscribe'): void {
  const client = Object(given) as Partial<Record<string, unknown>>;
  if (typeof client[method] === 'function') return;
  const shown = client instanceof Promise ? 'a promise of one: await its connect()' : String(given);
  throw new TypeError(
    `The option ${option} of redisLog() takes a client of node-redis or of ioredis, not ${shown}`,
  );
}

function ofNodeRedis(client: NodeRedisClient): Sender {
  const one = async (command: Command): Promise<unknown> => client.sendCommand(command);
  const batchOf = (commands: readonly Command[]): ReturnType<NodeRedisClient['multi']> => {
    const batch = client.multi();
    for (const command of commands) batch.addCommand(command);
    return batch;
  };
  return {
    one,
    lead: (...commands) => batchOf(commands).execAsPipeline().then(firstOf),
    async atomic(...commands) {
      try {
        await batchOf(commands).exec();
      } catch (error) {
        const { replies = [] } = error as { readonly replies?: readonly unknown[] };
        throw reasonOf(error, replies);
      }
    },
  };
}

/** What the failure of commands that are carried out together stands for: that of one of them. */
function reasonOf(error: unknown, replies: readonly unknown[]): unknown {
  return replies.find((reply) => reply instanceof Error) ?? error;
}

function firstOf(replies: readonly unknown[]): unknown {
  return replies[0];
}

function ofIoRedis(client: IoRedisClient): Sender {
  const called = (commands: readonly Command[]): unknown[][] =>
    commands.map((command) => ['call', ...command]);
  return {
    one: async ([name, ...args]) => client.call(name, ...args),
    async lead(...commands) {
      const [first] = (await client.pipeline(called(commands)).exec()) ?? [];
      if (first?.[0]) throw first[0];
      return first?.[1];
    },
    async atomic(...commands) {
      try {
        const replies = (await client.multi(called(commands)).exec()) ?? [];
        for (const [error] of replies) if (error) throw error;
      } catch (error) {
        const { previousErrors = [] } = error as { readonly previousErrors?: readonly unknown[] };
        throw reasonOf(error, previousErrors);
      }
    },
  };
}
