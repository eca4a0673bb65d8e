import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { of } from 'rxjs';
import type { Codec } from '../../src/codecs/codec.js';
import { StreamError } from '../../src/errors/streamError.js';
import type { StreamEvent } from '../../src/events/event.js';
import { idOf } from '../../src/events/id.js';
import type { Fetch } from '../../src/sources/answer.js';
import { streamEvents } from '../../src/sources/streamEvents.js';
import { outcomeOf } from '../sources/outcome.js';
import { isThorough } from '../thorough.js';
import { PROTOCOLS, recordedAnswers, RunServer } from './resumed.js';

/** `BYTES=all` cuts every answer at each of its bytes, which takes an hour. */
const isPatient = process.env['BYTES'] === 'all';

/** Which bytes of an answer the connection is cut behind: of a short one all, of a long one the fewer the longer it is. */
function cutsOf(length: number): readonly number[] {
  const [small, most] = isThorough ? [500, 16] : [300, 4];
  const places = length <= small || isPatient ? length : Math.max(3, Math.min(most, 150_000 / length));
  const stride = Math.ceil(length / places);
  return Array.from({ length: Math.floor(length / stride) + 1 }, (_, nth) => nth * stride);
}

/** What a server answered. */
interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * The network between a client and a server: it cuts the first answer after so many bytes, and asks the server itself only
 * for what it has not asked before.
 */
class Network {
  readonly #known = new Map<string, Answered>();
  #posts = 0;
  #cut = Infinity;
  #isClean = false;

  /** Cuts the answers of the next client. */
  cutAfter(bytes: number, isClean: boolean): void {
    this.#posts = 0;
    this.#cut = bytes;
    this.#isClean = isClean;
  }

  /** How often the client has posted. */
  get posts(): number {
    return this.#posts;
  }

  /** How long the answer to the POST is, in bytes. */
  get length(): number {
    return this.#known.get('POST all')?.bytes.length ?? 0;
  }

  readonly fetch: Fetch = async (input, init = {}) => {
    const { method, headers } = init;
    if (method === 'POST') this.#posts++;
    const after = new Headers(headers).get('last-event-id') ?? 'all';
    const key = `${method} ${after}`;
    const { bytes, ...head } = this.#known.get(key) ?? (await answered(input, init));
    this.#known.set(key, { ...head, bytes });
    const cut = this.#cut;
    this.#cut = Infinity;
    const body = new ReadableStream({
      start: (controller) => {
        controller.enqueue(bytes.subarray(0, cut));
        if (cut >= bytes.length || this.#isClean) controller.close();
      },
      pull: (controller) => controller.error(new TypeError('terminated')),
    });
    return new Response(head.status === 204 ? null : body, head);
  };
}

async function answered(input: string | URL | Request, init: RequestInit): Promise<Answered> {
  const response = await fetch(input, init);
  const { status, headers } = response;
  return { status, headers, bytes: new Uint8Array(await response.arrayBuffer()) };
}

/** All that a client got, ids included, as one text. */
function seen(values: readonly StreamEvent[]): string {
  return values.map((event) => `${idOf(event)} ${JSON.stringify(event)}\n`).join('');
}

async function cutEverywhere(codec: Codec, events: readonly StreamEvent[]): Promise<string[]> {
  const server = new RunServer(codec, events);
  const http = createServer(server.listener).listen(0, '127.0.0.1');
  await once(http, 'listening');
  try {
    const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/chat`;
    const network = new Network();
    const { fetch } = network;
    const client = streamEvents(url, { codec, method: 'POST', body: '', fetch, resume: { wake: of('now') } });
    const expected = await outcomeOf(client);
    if (expected.error instanceof StreamError && expected.error.code === 'http') return [];
    const all = seen(expected.values);
    const complaints: string[] = [];
    for (const [nth, cut] of cutsOf(network.length).entries()) {
      network.cutAfter(cut, nth % 2 === 0);
      const { values, error } = await outcomeOf(client);
      if (error !== expected.error) complaints.push(`${cut}: ${String(error)}`);
      else if (seen(values) !== all) complaints.push(`${cut}: ${seen(values)}`);
      if (network.posts !== 1) complaints.push(`${cut}: ${network.posts} POSTs`);
    }
    if (server.posts !== 1) complaints.push(`The server counted ${server.posts} POSTs`);
    return complaints;
  } finally {
    http.close();
    http.closeAllConnections();
  }
}

const answers = recordedAnswers().flatMap(({ file, events }, nth) => {
  const codec = PROTOCOLS[nth % PROTOCOLS.length] as Codec;
  return isThorough || isPatient || nth % 5 === 0 ? [[file, codec.name, codec, events] as const] : [];
});

if (answers.length === 0) {
  it('there are no recordings here to be cut', () => {
    expect(answers).toEqual([]);
  });
} else {
  describe('a recorded answer whose connection is cut', isPatient ? { timeout: 3_600_000 } : {}, () => {
    it.each(answers)('%s, in %s, comes whole, once, and is posted once', async (_, __, codec, events) => {
      expect(await cutEverywhere(codec, events)).toEqual([]);
    });
  });
}
