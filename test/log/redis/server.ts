import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Redis as IoRedis6 } from 'ioredis';
import { Redis as IoRedis5 } from 'ioredis5';
import { createClient as createClient6 } from 'redis';
import { createClient as createClient5 } from 'redis5';
import { isThorough } from '../../thorough.js';
import type { RedisClient, RedisSubscriber } from '../../../src/log/redis.js';

/** Whether there is a Redis to test with. Where everything has to be tried there must be. */
export const HAS_REDIS = isThorough || spawnSync('redis-server', ['--version']).status === 0;

/** A Redis of its own, on a free port, in a folder of its own. */
export class RedisServer {
  readonly port: number;
  readonly #folder: string;
  #process: ChildProcess | undefined;

  private constructor(port: number, folder: string) {
    this.port = port;
    this.#folder = folder;
  }

  static async start(...options: readonly string[]): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), await mkdtemp(join(tmpdir(), 'redis-')));
    await server.start(...options);
    return server;
  }

  /** Starts it, or starts it again. */
  async start(...options: readonly string[]): Promise<void> {
    const own = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.#folder, '--save', ''];
    const child = spawn('redis-server', [...own, ...options], { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#process = child;
    const said: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      said.push(line);
      if (line.includes('Ready to accept connections')) break;
    }
    if (child.exitCode !== null) throw new Error(`Redis did not start:\n${said.join('\n')}`);
    child.stdout.resume();
  }

  /** Ends it as a power cut would. */
  async kill(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined || child.exitCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  /** Makes it stand still, or go on. */
  pause(isPaused: boolean): void {
    this.#process?.kill(isPaused ? 'SIGSTOP' : 'SIGCONT');
  }

  async close(): Promise<void> {
    await this.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** The two connections of a process. */
export interface Connections {
  readonly client: RedisClient;
  readonly subscriber: RedisSubscriber;
  /** Sends any command on the first. */
  command(...args: string[]): Promise<unknown>;
  close(): Promise<void>;
}

const ignore = (): void => undefined;

async function nodeRedis(create: typeof createClient6, port: number): Promise<Connections> {
  const connect = () =>
    create({ socket: { host: '127.0.0.1', port, reconnectStrategy: () => 10 } })
      .on('error', ignore)
      .connect();
  const [client, subscriber] = await Promise.all([connect(), connect()]);
  return {
    client,
    subscriber,
    command: (...args) => client.sendCommand(args),
    async close() {
      client.destroy();
      subscriber.destroy();
    },
  };
}

async function ioRedis(Redis: typeof IoRedis6, port: number): Promise<Connections> {
  const connect = async () => {
    const redis = new Redis({ host: '127.0.0.1', port, retryStrategy: () => 10 }).on('error', ignore);
    await once(redis, 'ready');
    return redis;
  };
  const [client, subscriber] = await Promise.all([connect(), connect()]);
  return {
    client,
    subscriber,
    command: (name = '', ...args) => client.call(name, ...args),
    async close() {
      client.disconnect();
      subscriber.disconnect();
    },
  };
}

type Connect = (port: number) => Promise<Connections>;

const NEWEST: Readonly<Record<string, Connect>> = {
  'node-redis 6': (port) => nodeRedis(createClient6, port),
  'ioredis 6': (port) => ioRedis(IoRedis6, port),
};

const OLDER: Readonly<Record<string, Connect>> = {
  'node-redis 5': (port) => nodeRedis(createClient5 as unknown as typeof createClient6, port),
  'ioredis 5': (port) => ioRedis(IoRedis5 as unknown as typeof IoRedis6, port),
};

/** Connects with each client that may be used; who waits for `npm test`, with the newest. */
export const CLIENTS: Readonly<Record<string, Connect>> = { ...NEWEST, ...(isThorough ? OLDER : {}) };

/** Connections whose subscriber can lose messages. */
export interface Forgetful extends Connections {
  /** @param lost - is called once the next message has come and is lost */
  loseNext(lost: () => void): void;
}

/** The same connections, as if the one that subscribes lost messages. */
export function forgetful(connections: Connections): Forgetful {
  let lost: (() => void) | undefined;
  const wrappers = new Map<unknown, unknown>();
  const lossy = (listener: unknown): unknown => {
    const wrapper = (...args: unknown[]): void => {
      if (lost === undefined) (listener as (...args: unknown[]) => void)(...args);
      else lost();
      lost = undefined;
    };
    if (!wrappers.has(listener)) wrappers.set(listener, wrapper);
    return wrappers.get(listener);
  };
  const subscriber = new Proxy(connections.subscriber, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      const hears = (args: readonly unknown[]): boolean =>
        name === 'subscribe' || name === 'unsubscribe' || args[0] === 'message';
      return (...args: unknown[]): unknown =>
        Reflect.apply(
          value,
          target,
          hears(args) ? args.map((arg) => (typeof arg === 'function' ? lossy(arg) : arg)) : args,
        );
    },
  });
  return { ...connections, subscriber, loseNext: (done) => (lost = done) };
}
