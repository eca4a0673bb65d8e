import { bodyOf } from './body.js';
import { askedBy, MOST, requestOf, type Asked, type NodeRequest } from './nodeRequest.js';
import { unanswered } from './refusal.js';

/** A response of `node:http`, and of what is built on it. */
export interface NodeResponse {
  readonly writableFinished: boolean;
  writeHead(status: number, headers: Record<string, string | string[]>): unknown;
  write(chunk: string | Uint8Array): boolean;
  flushHeaders?(): unknown;
  end(): unknown;
  destroy(): unknown;
  on(event: 'close' | 'drain' | 'error', listener: () => void): unknown;
}

const TOO_LARGE = `The body of the request is larger than ${MOST} bytes.`;
const NO_BYTES = new Uint8Array();

/**
 * Serves a web-standard handler on `node:http`, and on what is built on it and hands out its request and response.
 *
 * ```ts
 * import { createServer } from 'node:http';
 * import { nodeHandler } from 'rxjs-llm-stream/server';
 *
 * createServer(nodeHandler(async (request) => new Response(await request.text()))).listen(8080);
 * ```
 *
 * The body of a request is read first. Where a parser has read it before, as `express.json()` does and Nest by itself, its
 * `rawBody` or `body` is taken: a text or bytes as they are, all else as JSON. Fastify keeps what it has read to itself:
 * `serve(Object.assign(request.raw, { body: request.body }), reply.hijack().raw)`.
 *
 * More than 1 MiB is a 413, a request that is none a 400, and so is a body that is not JSON where the handler asks for JSON
 * and does not say so itself. Any other failure of the handler is a 500 that says nothing of it: catch it there for a log.
 * Each has a JSON body that says why. The `signal` of the request is aborted when the client leaves. The body of the
 * response is read no faster than the client reads, and a body that fails breaks the connection off. The handler gets requests
 * of any method: where a HEAD is to ask no provider, it says so itself.
 *
 * @param handler - from a request to a response
 * @returns a listener for `request`
 * @see respond
 */
export function nodeHandler(
  handler: (request: Request) => Response | Promise<Response>,
): (request: NodeRequest, response: NodeResponse) => void {
  return (incoming, outgoing) => {
    const left = new AbortController();
    let goOn: () => void = ignore;
    outgoing.on('drain', () => goOn());
    outgoing.on('error', ignore);
    outgoing.on('close', () => {
      if (!outgoing.writableFinished) left.abort();
      goOn();
    });
    const answer = async (): Promise<Response> => {
      const asked = await askedBy(incoming);
      if (asked === undefined) return unanswered(413, TOO_LARGE);
      const request = requestOf(incoming, asked, left.signal);
      if (request === undefined) return unanswered(400, 'The request is not valid.');
      try {
        const response = (await handler(request)) as Response | null | undefined;
        // Plain JavaScript may return nothing, and a framework a `Response` of its own.
        if (typeof response?.status === 'number') return response;
        throw new TypeError('The handler returned no Response');
      } catch (error) {
        if (!isNotJson(error, request, asked)) throw error;
        return unanswered(400, 'The body of the request is not JSON.');
      }
    };
    const send = async (response: Response): Promise<void> => {
      const { status, headers } = response;
      const own = bodyOf(response);
      const reader = own ? undefined : response.body?.getReader();
      const leave = (): void => (own ? own.cancel() : void reader?.cancel().catch(ignore));
      if (left.signal.aborted) leave();
      left.signal.addEventListener('abort', leave);
      const cookies = headers.getSetCookie();
      const fields = Object.fromEntries<string | string[]>(headers);
      // The only header that may not be joined.
      if (cookies.length > 0) fields['set-cookie'] = cookies;
      outgoing.writeHead(status, fields);
      if (own) {
        // Else the head waits for the first chunk, and a client does not know that it is connected. With bytes, if only none:
        // alone or with text Node would write it as UTF-8, and not as the Latin-1 that it is.
        outgoing.write(NO_BYTES);
        // An answer to HEAD has no bytes.
        outgoing.flushHeaders?.();
        goOn = () => own.pull();
        own.redirect({
          enqueue(chunk) {
            if (outgoing.write(chunk)) own.pull();
          },
          close: () => void outgoing.end(),
          error: () => void outgoing.destroy(),
        });
        return;
      }
      for (;;) {
        const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
        if (done || left.signal.aborted) break;
        if (!outgoing.write(value)) await new Promise<void>((resolve) => (goOn = resolve));
      }
      outgoing.end();
    };
    void answer()
      .catch(() => unanswered(500, 'Something went wrong.'))
      .then(send)
      .catch(() => outgoing.destroy());
  };
}

/** Whether a handler failed for the only reason that its client wrote no JSON. */
function isNotJson(error: unknown, { bodyUsed }: Request, { body }: Asked): boolean {
  if ((error as Partial<Error> | null)?.name !== 'SyntaxError' || !bodyUsed) return false;
  try {
    JSON.parse(typeof body === 'string' ? body : new TextDecoder().decode(body));
    return false;
  } catch {
    return true;
  }
}

function ignore(): void {
  // The client is gone, or what failed has been answered.
}
