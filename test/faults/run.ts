import { from, tap } from 'rxjs';
import { anthropic } from '../../src/codecs/anthropic/codec.js';
import { toMessage } from '../../src/operators/toMessage.js';
import { untilTerminal } from '../../src/operators/untilTerminal.js';
import type { Chunk } from '../../src/sources/chunk.js';
import { fromBytes } from '../../src/sources/fromBytes.js';
import type { Fetch } from '../../src/sources/answer.js';
import { streamEvents } from '../../src/sources/streamEvents.js';
import { sse } from '../../src/wire/sse.js';
import { outcomeOf, type Outcome } from '../sources/outcome.js';
import { Clock } from './clock.js';
import type { Bytes, Fault, Through } from './fault.js';
import { FaultServer, type Client, type Heard, type Script } from './faultServer.js';
import { Witness } from './witness.js';

/** What came of a fault. */
export interface Result extends Outcome<unknown> {
  readonly connections: number;
  readonly requests: readonly Heard[];
  /** What the other server heard. */
  readonly elsewhere: readonly Heard[];
}

const NOBODY = { connections: 0, requests: [], elsewhere: [] };

const throughMessage: Through = (events) => events.pipe(untilTerminal(), toMessage());

/** Lets it go wrong, and settles when all is over: the stream, its connections and the servers. */
export async function run({ given, through = throughMessage }: Fault): Promise<Result> {
  if ('frames' in given) return { ...NOBODY, ...(await outcomeOf(from(chunksOf(given.frames)).pipe(sse()))) };
  if ('bytes' in given) {
    const bytes = typeof given.bytes === 'function' ? given.bytes() : given.bytes;
    const events = fromBytes(chunksOf(bytes), { codec: anthropic, ...given.options });
    return { ...NOBODY, ...(await outcomeOf(through(events, new Clock()))) };
  }
  return served(given, through);
}

async function served(
  { server: scripts, options, elsewhere = [], times = 1 }: Extract<Fault['given'], { server: unknown }>,
  through: Through,
): Promise<Result> {
  const [clock, witness, caller] = [new Clock(), new Witness(), new AbortController()];
  const client: Client = { clock, witness, abort: () => caller.abort(new Error('The reader pressed stop')) };
  const other = await FaultServer.open([elsewhere], client);
  const server = await FaultServer.open(scripts, client, other.url);
  try {
    const fetch = scripts.some(drips) ? counted(witness) : undefined;
    const events = streamEvents(server.url, { codec: anthropic, fetch, signal: caller.signal, ...options });
    const source = through(events.pipe(tap(() => witness.saw('events'))), clock);
    let outcome = await outcomeOf(source);
    for (let nth = 1; nth < times; nth++) {
      // A connection is free for the next request a moment after the body of the last one.
      await new Promise((resolve) => setImmediate(resolve));
      outcome = await outcomeOf(source);
    }
    if (!scripts.some(keepsAlive)) await server.letGo();
    return { ...outcome, connections: server.connections, requests: server.heard, elsewhere: other.heard };
  } finally {
    await Promise.all([server.close(), other.close()]);
  }
}

function chunksOf(bytes: Bytes): readonly Chunk[] {
  return typeof bytes === 'string' || bytes instanceof Uint8Array ? [bytes] : bytes;
}

function drips(script: Script): boolean {
  return script.some((step) => 'drip' in step);
}

function keepsAlive(script: Script): boolean {
  return script.some((step) => 'send' in step && String(step.send).includes('keep-alive'));
}

/** `fetch`, with a witness to each byte of the body. */
function counted(witness: Witness): Fetch {
  return async (...request) => {
    const response = await fetch(...request);
    const count = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        controller.enqueue(chunk);
        witness.saw('bytes', chunk.length);
      },
    });
    return new Response(response.body?.pipeThrough(count) ?? null, response);
  };
}
