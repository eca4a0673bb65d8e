import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Codec } from '../../codecs/codec.js';
import { answering, type Answers, type MockRequest } from './answers.js';

/** A server that is listening. */
export interface MockServer {
  /** Where it is, without a slash at the end: a `baseURL`. */
  readonly url: string;
  /** All requests so far, each with its whole body. */
  readonly requests: readonly MockRequest[];
  /** Ends it, with all that is connected to it. Settles when the port is free. */
  close(): Promise<void>;
}

/** Options of {@link mockServer}. */
export interface MockServerOptions {
  /** The protocol of the answers that are a script, events or a recording. */
  readonly codec?: Codec | undefined;
}

/**
 * Starts an HTTP server on this machine, on a port of its own, that plays answers over a real connection: chunk by
 * chunk, each at its time; the connection breaks where a body fails.
 *
 * ```ts
 * import { lastValueFrom } from 'rxjs';
 * import { toText } from 'rxjs-llm-stream';
 * import { anthropic, streamMessages } from 'rxjs-llm-stream/anthropic';
 * import { mockResponse } from 'rxjs-llm-stream/testing';
 * import { mockServer } from 'rxjs-llm-stream/testing/node';
 *
 * const server = await mockServer(() => mockResponse(recording, { codec: anthropic, speed: 10 }));
 * console.log(await lastValueFrom(streamMessages(params, { baseURL: server.url }).pipe(toText())));
 * await server.close();
 * ```
 *
 * An error in place of an answer breaks the connection before the head. A request that has no answer, or whose answer
 * cannot be made or was read before, gets a 501 that says so, and that asking again is of no use. A client that leaves stops what is played to it.
 *
 * @param answers - a queue of responses, of what is played as one and of errors; or a function
 * @param options - the `codec` of what is played
 * @returns a promise of the server, once it listens; it is rejected with a TypeError where there are events to play and no
 *   `codec`
 * @see mockResponse
 */
export async function mockServer(answers: Answers, options: MockServerOptions = {}): Promise<MockServer> {
  const answer = answering(answers, options.codec);
  const requests: MockRequest[] = [];
  const server = createServer((incoming, response) => {
    void requestOf(incoming, response).then(async (request) => {
      requests.push(request);
      await play(answer(request), request, response);
    }, ignore);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    async close() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function requestOf(incoming: IncomingMessage, response: ServerResponse): Promise<MockRequest> {
  const { method = 'GET', url = '/' } = incoming;
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  const headers = new Headers();
  for (const [name, values] of Object.entries(incoming.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  return { method, url, headers, body: await text(incoming), signal: gone.signal };
}

async function play(
  answer: Promise<Response | Error>,
  { signal }: MockRequest,
  response: ServerResponse,
): Promise<void> {
  const given = await answer.catch(notImplemented);
  if (!('headers' in given)) {
    response.destroy();
    return;
  }
  response.writeHead(given.status, given.statusText, [...given.headers].flat());
  response.flushHeaders();
  if (given.body === null) response.end();
  else await given.body.pipeTo(bodyOf(response), { signal: signal as AbortSignal }).catch(ignore);
}

/** Writes a chunk when the one before it has gone, so that they arrive as they were cut, and before a failure. */
function bodyOf(response: ServerResponse): WritableStream<Uint8Array> {
  return new WritableStream({
    write: (chunk) =>
      new Promise((resolve, reject) => {
        response.write(chunk, (error) => (error ? reject(error) : resolve()));
      }),
    close: () => void response.end(),
    abort: () => void response.destroy(),
  });
}

function notImplemented(error: unknown): Response {
  const message = error instanceof Error ? error.message : String(error);
  // What asks again would tell of the last request, and the first is the one that was not meant.
  const headers = { 'x-should-retry': 'false' };
  return Response.json({ type: 'error', error: { type: 'no_answer', message } }, { status: 501, headers });
}

function ignore(): void {
  // The client is gone, or the body has failed as it should.
}
