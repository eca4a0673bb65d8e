import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Readable } from 'node:stream';
import { Observable, Subject } from 'rxjs';
import { anthropic } from '../../src/codecs/anthropic/codec.js';
import type { StreamEvent } from '../../src/events/event.js';
import type { Chunk } from '../../src/sources/chunk.js';
import { fromBytes } from '../../src/sources/fromBytes.js';
import { fromResponse } from '../../src/sources/fromResponse.js';
import { streamEvents } from '../../src/sources/streamEvents.js';
import { streamMessages } from '../../src/sources/streamMessages.js';

/** A source whose other end is in the hands of a test. */
export interface Opened {
  readonly source: Observable<StreamEvent>;
  /** Settles once the source waits for its first chunk, or for the head of an answer. */
  asked(): Promise<unknown>;
  send(text: string): void;
  end(): void;
  /** Settles when nothing is held for the source any more. */
  letGo(): Promise<unknown>;
}

/** Opens a source, with the caller's own signal where it takes one. */
export type Open = (signal?: AbortSignal) => Promise<Opened>;

/** The sources that ask a server. */
export const ASKING: readonly (readonly [string, Open])[] = [
  [
    'streamEvents',
    (signal) => served((url) => streamEvents(url, { codec: anthropic, signal: signal ?? null })),
  ],
  [
    'streamMessages',
    (signal) =>
      served((baseURL) =>
        streamMessages({ model: 'claude', max_tokens: 1, messages: [] }, { baseURL, signal: signal ?? null }),
      ),
  ],
];

/** All sources, and all that they read from. */
export const SOURCES: readonly (readonly [string, Open])[] = [
  ...ASKING,
  [
    'fromResponse',
    () =>
      inMemory((hooks) => {
        const { chunks, ...end } = readableStream(hooks);
        const headers = { 'content-type': 'text/event-stream' };
        return { source: fromResponse(new Response(chunks, { headers }), { codec: anthropic }), ...end };
      }),
  ],
  [
    'fromBytes of a ReadableStream',
    () =>
      inMemory((hooks) => {
        const { chunks, ...end } = readableStream(hooks);
        return { source: fromBytes(chunks, { codec: anthropic }), ...end };
      }),
  ],
  ['fromBytes of a Node Readable', () => inMemory(readable)],
  ['fromBytes of an async iterator', () => inMemory(asyncIterator)],
  ['fromBytes of an async generator', () => inMemory(asyncGenerator)],
  ['fromBytes of an Observable', () => inMemory(observable)],
];

/** An HTTP server with one answer, that the test writes. */
async function served(make: (url: string) => Observable<StreamEvent>): Promise<Opened> {
  const closed: Promise<unknown>[] = [];
  let answer = (_: ServerResponse): void => undefined;
  const answered = new Promise<ServerResponse>((resolve) => (answer = resolve));
  let response: ServerResponse | undefined;
  const server = createServer((_, given) => {
    response = given;
    answer(given);
  });
  server.on('connection', (socket: Socket) => {
    closed.push(once(socket, 'close'));
    socket.on('error', () => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(async () => {
    const gone = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await gone;
  });

  const begun = (): ServerResponse => {
    if (response === undefined) throw new Error('Nobody asked this server anything');
    // So that a connection that nobody needs any more closes.
    const headers = { 'content-type': 'text/event-stream', connection: 'close' };
    return response.headersSent ? response : response.writeHead(200, headers);
  };
  return {
    source: make(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    asked: () => answered,
    send: (text) => void begun().write(text),
    end: () => void begun().end(),
    letGo: () => Promise.all(closed),
  };
}

const closing: (() => Promise<void>)[] = [];

/** Ends all servers, with what is connected to them. */
export async function closeOpened(): Promise<void> {
  await Promise.all(closing.splice(0).map((close) => close()));
}

/** What a stream in memory tells of its reader. */
interface Hooks {
  /** It waits for a chunk. */
  ask(): void;
  /** It has let go. */
  release(): void;
}

type InMemory = Pick<Opened, 'source' | 'send' | 'end'>;

function inMemory(make: (hooks: Hooks) => InMemory): Promise<Opened> {
  let ask = (): void => undefined;
  let release = (): void => undefined;
  const asked = new Promise<void>((resolve) => (ask = resolve));
  const letGo = new Promise<void>((resolve) => (release = resolve));
  return Promise.resolve({
    ...make({ ask, release }),
    asked: () => asked,
    letGo: () => letGo,
  });
}

function readableStream({ ask, release }: Hooks) {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  const encoder = new TextEncoder();
  const chunks = new ReadableStream<Uint8Array>(
    { start: (given) => void (controller = given), pull: ask, cancel: release },
    { highWaterMark: 0 },
  );
  return {
    chunks,
    send: (text: string) => controller?.enqueue(encoder.encode(text)),
    end() {
      controller?.close();
      release();
    },
  };
}

function readable({ ask, release }: Hooks): InMemory {
  const chunks = new Readable({ read: ask });
  chunks.once('close', release);
  return {
    source: fromBytes(chunks, { codec: anthropic }),
    send: (text) => void chunks.push(text),
    end: () => void chunks.push(null),
  };
}

/** Chunks that are asked for one by one. */
function queue(ask: () => void) {
  const asking: ((result: IteratorResult<string, undefined>) => void)[] = [];
  return {
    next: () =>
      new Promise<IteratorResult<string, undefined>>((resolve) => {
        asking.push(resolve);
        ask();
      }),
    send: (value: string) => asking.shift()?.({ value, done: false }),
    end: () => asking.shift()?.({ value: undefined, done: true }),
  };
}

function asyncIterator({ ask, release }: Hooks): InMemory {
  const { next, send, end } = queue(ask);
  const iterator: AsyncIterator<string, undefined> = {
    next,
    return() {
      release();
      return Promise.resolve({ value: undefined, done: true });
    },
  };
  return {
    source: fromBytes({ [Symbol.asyncIterator]: () => iterator }, { codec: anthropic }),
    send,
    end() {
      end();
      release();
    },
  };
}

/** A generator runs on only when what it waits for has come: that is when it can be let go. */
function asyncGenerator({ ask, release }: Hooks): InMemory {
  const { next, send, end } = queue(ask);
  async function* chunks() {
    try {
      for (;;) {
        const { value } = await next();
        if (value === undefined) return;
        yield value;
      }
    } finally {
      release();
    }
  }
  return { source: fromBytes(chunks(), { codec: anthropic }), send, end };
}

function observable({ ask, release }: Hooks): InMemory {
  const pushed = new Subject<Chunk>();
  const chunks = new Observable<Chunk>((subscriber) => {
    subscriber.add(release);
    pushed.subscribe(subscriber);
    ask();
  });
  return {
    source: fromBytes(chunks, { codec: anthropic }),
    send: (text) => pushed.next(text),
    end: () => pushed.complete(),
  };
}
