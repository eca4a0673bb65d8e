import type { createClient } from 'redis5';
import { Subject } from 'rxjs';
import type { StreamEvent } from '../../src/events/event.js';
import { fromLog, toLog } from '../../src/log.js';
import { redisLog } from '../../src/log/redis.js';
import { importPeer } from '../peers.js';
import { frameOf, stampOf, stampsIn } from './stamp.js';

/** A connection of the client that all of them are given. */
export type Client = ReturnType<typeof createClient>;

/** What a process has to work with. */
export interface Connections {
  readonly client: Client;
  readonly subscriber: Client;
}

/** One end of a run: events go in, and somebody ends it. */
export interface Written {
  next(event: StreamEvent): void;
  complete(): void;
}

/** Something that carries runs from one process to another, through Redis. */
export interface Carrier {
  /** Begins a run in the process that writes. */
  write(run: string): Promise<Written>;
  /**
   * Reads it in another one.
   *
   * @param seen - is called with the times at which the events were made that have come
   */
  view(run: string, seen: (stamps: readonly number[]) => void): Promise<void>;
}

/** What is held against each other. */
export const CARRIERS = {
  'XADD and PUBLISH': bare,
  'rxjs-llm-stream': ours,
  'resumable-stream': resumableStream,
  'assistant-stream': assistantStream,
} as const satisfies Record<string, (connections: Connections, peers: string) => Promise<Carrier>>;

/** One of {@link CARRIERS}. */
export type CarrierName = keyof typeof CARRIERS;

/** Their names, in the order in which they are measured and shown. */
export const CARRIER_NAMES = Object.keys(CARRIERS) as readonly CarrierName[];

/** The least that any of them could do: the two commands and a listener, of what nothing is checked. */
async function bare({ client, subscriber }: Connections): Promise<Carrier> {
  return {
    async write(run) {
      return {
        next(event) {
          const text = JSON.stringify([event]);
          void client.multi().xAdd(run, '*', { d: text }).publish(run, text).execAsPipeline();
        },
        complete: () => undefined,
      };
    },
    async view(run, seen) {
      await subscriber.subscribe(run, (text) => {
        for (const event of JSON.parse(text) as readonly StreamEvent[]) seen([stampOf(event) ?? 0]);
      });
    },
  };
}

async function ours(connections: Connections): Promise<Carrier> {
  const log = redisLog(connections);
  return {
    async write(run) {
      const events = new Subject<StreamEvent>();
      const begun = new Promise<void>((resolve, reject) => {
        events.pipe(toLog(log, run)).subscribe({ next: () => resolve(), error: reject });
      });
      // The source is subscribed to once the run is open.
      while (!events.observed) await new Promise(setImmediate);
      void begun.catch(fail);
      return events;
    },
    async view(run, seen) {
      fromLog(log, run).subscribe({
        next: (event) => {
          const stamp = stampOf(event);
          if (stamp !== undefined) seen([stamp]);
        },
        error: fail,
      });
    },
  };
}

/** What is called of resumable-stream; it need not be installed for this to compile. */
interface ResumableStream {
  createResumableStreamContext(options: object): {
    createNewResumableStream(run: string, make: () => ReadableStream<string>): Promise<unknown>;
    resumeExistingStream(run: string): Promise<ReadableStream<string> | null | undefined>;
  };
}

async function resumableStream({ client, subscriber }: Connections, peers: string): Promise<Carrier> {
  const { createResumableStreamContext } = (await importPeer(
    peers,
    'resumable-stream/generic',
  )) as ResumableStream;
  const context = createResumableStreamContext({ publisher: client, subscriber, waitUntil: null });
  return {
    async write(run) {
      const { readable, written } = piped(frameOf);
      await context.createNewResumableStream(run, () => readable);
      return written;
    },
    async view(run, seen) {
      const stream = await context.resumeExistingStream(run);
      void each(stream, (frames) => seen(stampsIn(frames))).catch(fail);
    },
  };
}

/** What is called of assistant-stream. */
interface AssistantStream {
  createResumableStreamContext(options: object): {
    run(run: string, make: () => ReadableStream<Uint8Array>): Promise<unknown>;
    resume(run: string): Promise<ReadableStream<Uint8Array> | null>;
  };
}

async function assistantStream({ client }: Connections, peers: string): Promise<Carrier> {
  const { createRedisResumableStreamStore } = (await importPeer(
    peers,
    'assistant-stream/resumable/redis',
  )) as { createRedisResumableStreamStore(client: Client): object };
  const { createResumableStreamContext } = (await importPeer(
    peers,
    'assistant-stream/resumable',
  )) as AssistantStream;
  const context = createResumableStreamContext({ store: createRedisResumableStreamStore(client) });
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  return {
    async write(run) {
      const { readable, written } = piped((event) => encoder.encode(frameOf(event)));
      await context.run(run, () => readable);
      return written;
    },
    async view(run, seen) {
      const stream = await context.resume(run);
      void each(stream, (bytes) => seen(stampsIn(decoder.decode(bytes)))).catch(fail);
    },
  };
}

function piped<T>(of: (event: StreamEvent) => T): { readable: ReadableStream<T>; written: Written } {
  let controller!: ReadableStreamDefaultController<T>;
  const readable = new ReadableStream<T>({ start: (given) => void (controller = given) });
  return {
    readable,
    written: { next: (event) => controller.enqueue(of(event)), complete: () => controller.close() },
  };
}

async function each<T>(
  stream: ReadableStream<T> | null | undefined,
  take: (value: T) => void,
): Promise<void> {
  if (!stream) throw new Error('There is no such run');
  for await (const value of stream) take(value);
}

/** Nothing is measured where anything fails. */
function fail(error: unknown): void {
  console.error(error);
  process.exit(1);
}
