import type { RequestListener } from 'node:http';
import { tap, type SchedulerLike } from 'rxjs';
import { eventStreamBytes } from '../../src/bedrock.js';
import { streamEvents, untilTerminal, type Codec, type StreamError } from '../../src/index.js';
import { nodeHandler, respond } from '../../src/server.js';
import { PROTOCOLS } from './protocols.js';

/** The statuses that a client can do something about. Any other is the server's own business. */
const TOLD = new Set([400, 413, 429, 529]);

export interface RelayOptions {
  /** Where the body of each request is sent on to, by POST. It is never the client's choice. */
  readonly upstream: string;
  /** What the upstream speaks. */
  readonly codec: Codec;
  /** What the upstream is sent, such as a key. The client's own headers, cookies among them, stay here. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly scheduler?: SchedulerLike;
  /** Told why an answer failed, which the client is not. */
  readonly report?: (error: unknown) => void;
}

/**
 * Answers `/<protocol>`, and every path below it, with what the upstream answers to the same body, while it comes. Each
 * protocol's own client reads it, with `/<protocol>` as its base URL.
 */
export function relay({ upstream, codec, headers, scheduler, report }: RelayOptions): RequestListener {
  return nodeHandler(async (request) => {
    const [, name = ''] = new URL(request.url).pathname.split('/');
    const to = PROTOCOLS.get(name);
    if (to === undefined) return new Response(`/${[...PROTOCOLS.keys()].join(', /')}\n`, { status: 404 });
    const body = await request.arrayBuffer();
    const fields = { 'content-type': 'application/json', ...headers };
    return respond(
      (gate) =>
        streamEvents(upstream, { codec, method: 'POST', headers: fields, body, gate }).pipe(
          untilTerminal(),
          tap({ error: (error) => report?.(error) }),
        ),
      {
        codec: to,
        signal: request.signal,
        status: ({ status }: StreamError) => (TOLD.has(status ?? 0) ? undefined : 502),
        ...(to.framing === 'eventstream' && { write: eventStreamBytes }),
      },
      scheduler,
    );
  });
}
