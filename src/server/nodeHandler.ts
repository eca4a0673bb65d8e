/** A request of `node:http`, and of what is built on it. */
export interface NodeRequest extends AsyncIterable<Uint8Array> {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** A response of `node:http`, and of what is built on it. */
export interface NodeResponse {
  readonly writableFinished: boolean;
  writeHead(status: number, headers: Record<string, string | string[]>): unknown;
  write(chunk: Uint8Array): boolean;
  end(): unknown;
  destroy(): unknown;
  on(event: 'close' | 'drain' | 'error', listener: () => void): unknown;
}

/** The most that is read of a request, in bytes. */
const MOST = 1024 * 1024;

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
 * The body of a request is read first, by this: let no parser read it before. More than 1 MiB is a 413, a request that is
 * none a 400, and a handler that fails a 500. The `signal` of the request is aborted when the client leaves. The body of
 * the response is read no faster than the client reads, and a body that fails breaks the connection off.
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
      const body = await bodyOf(incoming);
      if (body === undefined) return new Response(null, { status: 413 });
      const request = requestOf(incoming, body, left.signal);
      return request === undefined ? new Response(null, { status: 400 }) : handler(request);
    };
    const send = async ({ status, headers, body }: Response): Promise<void> => {
      const reader = body?.getReader();
      left.signal.addEventListener('abort', () => void reader?.cancel().catch(ignore));
      const cookies = headers.getSetCookie();
      const fields = Object.fromEntries<string | string[]>(headers);
      // The only header that may not be joined.
      if (cookies.length > 0) fields['set-cookie'] = cookies;
      outgoing.writeHead(status, fields);
      for (;;) {
        const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
        if (done || left.signal.aborted) break;
        if (!outgoing.write(value)) await new Promise<void>((resolve) => (goOn = resolve));
      }
      outgoing.end();
    };
    void answer()
      .catch(() => new Response(null, { status: 500 }))
      .then(send)
      .catch(() => outgoing.destroy());
  };
}

/** The body of a request, unless there is too much of it. */
async function bodyOf(incoming: NodeRequest): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of incoming) {
    length += chunk.length;
    if (length > MOST) return undefined;
    chunks.push(chunk);
  }
  const body = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.length;
  }
  return body;
}

function requestOf(
  { method = 'GET', url = '/', headers: given }: NodeRequest,
  body: Uint8Array<ArrayBuffer>,
  signal: AbortSignal,
): Request | undefined {
  try {
    const headers = new Headers();
    for (const [name, value] of Object.entries(given)) {
      // What HTTP/2 says of the request itself stands among the headers there.
      if (!name.startsWith(':')) for (const one of [value ?? []].flat()) headers.append(name, one);
    }
    const hasBody = method !== 'GET' && method !== 'HEAD';
    const address = `http://${headers.get('host') ?? 'localhost'}${url}`;
    return new Request(address, { method, headers, signal, ...(hasBody && { body }) });
  } catch {
    return undefined;
  }
}

function ignore(): void {
  // The client is gone, or what failed has been answered.
}
