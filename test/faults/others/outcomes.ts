import type { Fetch } from '../../../src/sources/answer.js';
import type { Bytes, Fault } from '../fault.js';
import { FaultServer, type Client } from '../faultServer.js';
import { FAULTS } from '../table.js';
import { Clock } from '../clock.js';
import { Witness } from '../witness.js';
import type { Answer, Reader } from './readers.js';

/** So long a reader may take, in ms, before it is said to wait on. It is real time: the readers of others have no other clock. */
const PATIENCE = 3_000;

/** What came of a fault. */
export type Ended =
  | { readonly how: 'done'; readonly answer: Answer }
  | { readonly how: 'failed'; readonly error: unknown }
  | { readonly how: 'waits' };

/** The faults that need nothing of ours but the bytes: no option, no operator, no clock. By the titles of their groups. */
export const PLAYED: readonly (readonly [title: string, faults: readonly Fault[]])[] = FAULTS.map(
  ({ title, faults }) => [title, faults.filter(isOfBytes)] as const,
).filter(([, faults]) => faults.length > 0);

function isOfBytes({ given, through }: Fault): boolean {
  if (through || 'frames' in given || given.options !== undefined) return false;
  if ('bytes' in given) return true;
  const isAlone = given.elsewhere === undefined && given.times === undefined;
  return (
    isAlone && given.server.every((script) => script.every((step) => !('pass' in step || 'abort' in step)))
  );
}

/** Lets a reader read what is given, and waits until it is done with it. */
export async function endOf({ given }: Fault, reader: Reader): Promise<Ended> {
  const caller = new AbortController();
  const witness = new Witness();
  const client: Client = { clock: new Clock(), witness, abort: () => undefined };
  const server = await FaultServer.open('server' in given ? given.server : [[]], client);
  let timer: NodeJS.Timeout | undefined;
  try {
    const fetch = 'bytes' in given ? () => Promise.resolve(responseOf(given.bytes)) : watched(witness);
    const waits = new Promise<Ended>((resolve) => {
      timer = setTimeout(() => resolve({ how: 'waits' }), PATIENCE);
    });
    const read = reader.read(server.url, fetch, caller.signal).then(
      (answer): Ended => ({ how: 'done', answer }),
      (error: unknown): Ended => ({ how: 'failed', error }),
    );
    return await Promise.race([read, waits]);
  } finally {
    clearTimeout(timer);
    caller.abort();
    await server.close();
  }
}

function responseOf(bytes: Bytes | (() => Bytes)): Response {
  const given = typeof bytes === 'function' ? bytes() : bytes;
  const chunks = typeof given === 'string' || given instanceof Uint8Array ? [given] : given;
  let nth = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const chunk = chunks[nth++];
      if (chunk === undefined) controller.close();
      else controller.enqueue(typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk);
    },
  });
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
}

/** `fetch`, with a witness to the events and the bytes that pass: a server may wait for them. */
function watched(witness: Witness): Fetch {
  return async (...request) => {
    const response = await fetch(...request);
    const watch = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        controller.enqueue(chunk);
        const blanks = new TextDecoder().decode(chunk).split('\n\n').length - 1;
        for (let nth = 0; nth < blanks; nth++) witness.saw('events');
        witness.saw('bytes', chunk.length);
      },
    });
    return new Response(response.body?.pipeThrough(watch) ?? null, response);
  };
}
