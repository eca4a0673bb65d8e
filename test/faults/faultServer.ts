import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Clock } from './clock.js';
import type { Witness } from './witness.js';

/** One thing that the server does, or waits for. */
export type Step =
  /** Writes these bytes, as they are. */
  | { readonly send: string | Uint8Array }
  /** Writes them one by one, each when the client has read the one before. */
  | { readonly drip: string }
  /** Waits until the client has seen so many events. */
  | { readonly seen: number }
  /** Lets so many ms pass on the client's clock. */
  | { readonly pass: number }
  /** Lets the client's caller abort. */
  | { readonly abort: true }
  /** Ends the connection: with a reset (RST), or with an end of its own half (FIN), as at the end of a body. */
  | { readonly end: 'reset' | 'close' };

/** What the server does with a request. After the last step it waits for the client to go. */
export type Script = readonly Step[];

/** A request as the server heard it. */
export interface Heard {
  /** Its first line. */
  readonly line: string;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
}

/** What a server needs to know of its client. */
export interface Client {
  readonly witness: Witness;
  readonly clock: Clock;
  readonly abort: () => void;
}

/** What a script calls the address of the other server. */
export const ELSEWHERE = 'http://elsewhere.invalid';

/** The head of a response. */
export function head(status: string, headers: Readonly<Record<string, string>> = {}): Step {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return { send: [`HTTP/1.1 ${status}`, ...lines, '', ''].join('\r\n') };
}

/** One chunk of a chunked body; the empty one ends it. */
export function chunk(text: string): Step {
  return { send: `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n` };
}

/** A server made of sockets, on a port of its own of this machine: it can break every rule of HTTP. */
export class FaultServer {
  readonly heard: Heard[] = [];
  /** How many connections there have been. */
  connections = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #gone: Promise<unknown>[] = [];

  private constructor(scripts: readonly Script[], client: Client, elsewhere: string) {
    // It half-closes like a server that still reads.
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
      this.connections++;
      this.#sockets.add(socket);
      const gone = new Promise((resolve) => socket.once('close', resolve));
      // A client may hang up on us at any time, by a reset too.
      socket.on('error', () => socket.destroy());
      socket.on('close', () => this.#sockets.delete(socket));
      socket.on('end', () => socket.end());
      listen(socket, (heard) => {
        this.#gone.push(gone);
        const script = scripts[Math.min(this.heard.push(heard), scripts.length) - 1] ?? [];
        void play(script, socket, client, elsewhere);
      });
    });
  }

  /**
   * Begins to listen.
   *
   * @param scripts - one for each request in turn; the last one for all that follow
   * @param client - who asks
   * @param elsewhere - what stands for {@link ELSEWHERE}
   */
  static async open(scripts: readonly Script[], client: Client, elsewhere = ELSEWHERE): Promise<FaultServer> {
    const server = new FaultServer(scripts, client, elsewhere);
    open.add(server);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  /** Settles when every connection that was asked something is gone, without the server's doing. */
  async letGo(): Promise<void> {
    await Promise.all(this.#gone);
  }

  async close(): Promise<void> {
    if (!open.delete(this)) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}

const open = new Set<FaultServer>();

/** Ends all servers that are still open, with what is connected to them. */
export async function closeFaultServers(): Promise<void> {
  await Promise.all(Array.from(open, (server) => server.close()));
}

/** Reads the requests of a connection; their bodies are as long as they say. */
function listen(socket: Socket, onRequest: (heard: Heard) => void): void {
  let text = '';
  socket.setEncoding('latin1');
  socket.on('data', (piece: string) => {
    text += piece;
    for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
      const [line = '', ...fields] = text.slice(0, end).split('\r\n');
      const headers = new Map(fields.map(headerOf));
      const next = end + 4 + Number(headers.get('content-length') ?? 0);
      if (text.length < next) return;
      text = text.slice(next);
      onRequest({ line, headers });
    }
  });
}

function headerOf(field: string): [string, string] {
  const colon = field.indexOf(':');
  return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()];
}

async function play(script: Script, socket: Socket, client: Client, elsewhere: string): Promise<void> {
  for (const step of script) {
    if ('send' in step) {
      await write(
        socket,
        typeof step.send === 'string' ? step.send.replaceAll(ELSEWHERE, elsewhere) : step.send,
      );
    } else if ('drip' in step) {
      for (const [nth, byte] of new TextEncoder().encode(step.drip).entries()) {
        await write(socket, Uint8Array.of(byte));
        await client.witness.until('bytes', nth + 1);
      }
    } else if ('seen' in step) await client.witness.until('events', step.seen);
    else if ('pass' in step) await client.clock.pass(step.pass);
    else if ('abort' in step) client.abort();
    else if (step.end === 'reset') socket.resetAndDestroy();
    else socket.end();
  }
}

function write(socket: Socket, data: string | Uint8Array): Promise<void> {
  return new Promise((resolve) => socket.write(data, () => resolve()));
}
