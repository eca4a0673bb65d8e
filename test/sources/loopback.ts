import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import * as events from '../../src/events/make.js';
import type { StreamEvent } from '../../src/events/event.js';

/** One request as the server got it, whole, and the response that it writes. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly body: string;
  readonly response: ServerResponse;
  /** Settles when the client has gone: `false` if the response was finished by then, `true` if it was cut off. */
  readonly cutOff: Promise<boolean>;
}

/** What the server does with a request. */
export type Answer = (exchange: Exchange) => unknown;

/** An HTTP server on this machine, on a port of its own, that keeps what it was asked. */
export class Loopback {
  readonly exchanges: Exchange[] = [];
  readonly #server: Server;
  readonly #asked: (() => void)[] = [];

  private constructor(answer: Answer) {
    this.#server = createServer((request, response) => void this.#exchange(request, response, answer));
  }

  static async open(answer: Answer): Promise<Loopback> {
    const loopback = new Loopback(answer);
    loopback.#server.listen(0, '127.0.0.1');
    await once(loopback.#server, 'listening');
    return loopback;
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  /** The last request. */
  get last(): Exchange {
    const last = this.exchanges.at(-1);
    if (last === undefined) throw new Error('Nobody asked this server anything');
    return last;
  }

  /** Settles once so many requests have come. */
  async asked(times = 1): Promise<Exchange> {
    while (this.exchanges.length < times) {
      await new Promise<void>((resolve) => this.#asked.push(resolve));
    }
    return this.last;
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #exchange(request: IncomingMessage, response: ServerResponse, answer: Answer): Promise<void> {
    const cutOff = once(response, 'close').then(() => !response.writableFinished);
    const exchange = { request, body: await text(request), response, cutOff };
    this.exchanges.push(exchange);
    for (const resolve of this.#asked.splice(0)) resolve();
    await answer(exchange);
  }
}

const open: Loopback[] = [];

/** Starts a server; `closeLoopbacks` ends it. */
export async function loopback(answer: Answer): Promise<Loopback> {
  const server = await Loopback.open(answer);
  open.push(server);
  return server;
}

/** Ends all servers, with what is connected to them. */
export async function closeLoopbacks(): Promise<void> {
  await Promise.all(open.splice(0).map((server) => server.close()));
}

/** A URL where nobody listens. */
export async function deadUrl(): Promise<string> {
  const server = await Loopback.open(() => undefined);
  const { url } = server;
  await server.close();
  return url;
}

/** Events as they stand on the wire. */
export function wire(...given: readonly StreamEvent[]): string {
  return given.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
}

/** A short answer, whole. */
export const ANSWER: readonly StreamEvent[] = [
  events.messageStart({ id: 'msg_1', model: 'claude' }),
  events.textStart(0),
  events.textDelta(0, 'Hel'),
  events.textDelta(0, 'lo'),
  events.blockStop(0),
  events.messageDelta('end_turn', { output_tokens: 2 }),
  events.messageStop(),
];

/** Begins an event stream. */
export function beginStream({ response }: Exchange, ...given: readonly StreamEvent[]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.flushHeaders();
  if (given.length > 0) response.write(wire(...given));
}

/** Answers with a whole event stream. */
export function answerWhole(exchange: Exchange): void {
  beginStream(exchange, ...ANSWER);
  exchange.response.end();
}
