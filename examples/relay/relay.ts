import { once } from 'node:events';
import type { RequestListener, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import {
  asyncScheduler,
  catchError,
  concatMap,
  connect,
  EMPTY,
  filter,
  from,
  fromEvent,
  interval,
  last,
  map,
  merge,
  of,
  take,
  takeUntil,
  throwError,
  timeout,
  type Observable,
  type SchedulerLike,
} from 'rxjs';
import { eventStreamBytes } from '../../src/bedrock.js';
import {
  abortOpenBlocks,
  encode,
  events,
  frameText,
  sseComment,
  streamEvents,
  StreamError,
  untilTerminal,
  type Codec,
  type ErrorEvent,
  type Fetch,
  type Frame,
  type StreamEvent,
} from '../../src/index.js';
import { PROTOCOLS } from './protocols.js';

const CONTENT_TYPE = {
  sse: 'text/event-stream; charset=utf-8',
  ndjson: 'application/x-ndjson',
  eventstream: 'application/vnd.amazon.eventstream',
};
// The second asks nginx, and what behaves like it, to pass each event on as it comes.
const STREAM_HEADERS = { 'cache-control': 'no-cache, no-transform', 'x-accel-buffering': 'no' };
const MAX_BODY_BYTES = 4 * 1024 * 1024;
const BROKEN_OFF = 'The answer broke off';

/** Failures that a client can do something about, by status. Any other is the server's own business. */
const TOLD = new Map([
  [400, 'invalid_request_error'],
  [413, 'request_too_large'],
  [429, 'rate_limit_error'],
  [529, 'overloaded_error'],
]);

export interface RelayOptions {
  /** Where the body of each request is sent on to, by POST. It is never the client's choice. */
  readonly upstream: string;
  /** What the upstream speaks. */
  readonly codec: Codec;
  /** What the upstream is sent, such as a key. The client's own headers, cookies among them, stay here. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The time between two comments that keep an SSE connection alive, in ms. Default 15,000. */
  readonly heartbeat?: number;
  /** How long a client may leave untaken what was sent, in ms; then it is cut off. Default 30,000. */
  readonly patience?: number;
  readonly scheduler?: SchedulerLike;
  /** Told why an answer failed, which the client is not. */
  readonly report?: (error: unknown) => void;
}

/**
 * Answers `/<protocol>`, and every path below it, with what the upstream answers to the same body, while it comes. Each
 * protocol's own client reads it, with `/<protocol>` as its base URL.
 */
export function relay(options: RelayOptions): RequestListener {
  const { patience = 30_000, scheduler = asyncScheduler } = options;
  return (request, response) => {
    const [, name = ''] = (request.url ?? '').split(/[/?]/);
    const codec = PROTOCOLS.get(name);
    if (codec === undefined) {
      return void response.writeHead(404).end(`/${[...PROTOCOLS.keys()].join(', /')}\n`);
    }
    const { 'content-length': length = 0, 'transfer-encoding': encoding } = request.headers;
    if (encoding || Number(length) > MAX_BODY_BYTES) return void response.writeHead(413).end();

    const drained = fromEvent(response, 'drain').pipe(timeout({ first: patience, scheduler }), take(1));
    const sent = from(buffer(request)).pipe(
      concatMap((body) => answer(body, codec, response, options)),
      concatMap((piece) => {
        if (!response.headersSent)
          response.writeHead(200, { ...STREAM_HEADERS, 'content-type': CONTENT_TYPE[codec.framing] });
        return response.write(piece) ? EMPTY : drained;
      }),
    );
    const sending = sent.subscribe({
      complete: () => response.end(),
      error: (error) => (response.headersSent ? response.destroy() : refuse(response, error)),
    });
    // When the client leaves, the request to the upstream is aborted.
    response.once('close', () => sending.unsubscribe());
  };
}

/** The upstream's answer for the client. A failure after it began becomes the last event of it. */
function answer(
  body: Uint8Array<ArrayBuffer>,
  codec: Codec,
  response: ServerResponse,
  {
    upstream,
    headers,
    heartbeat = 15_000,
    scheduler = asyncScheduler,
    report,
    codec: upstreamCodec,
  }: RelayOptions,
): Observable<string | Uint8Array> {
  const pieces = streamEvents(upstream, {
    codec: upstreamCodec,
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
    fetch: inStepWith(response),
  }).pipe(
    untilTerminal(),
    abortOpenBlocks(),
    map(withoutCause),
    catchError((error: unknown) => {
      report?.(error);
      return response.headersSent ? of(failureOf(error)) : throwError(() => error);
    }),
    encode(codec),
    map<Frame, string | Uint8Array>(
      codec.framing === 'eventstream' ? eventStreamBytes : frameText(codec.framing),
    ),
  );
  // Only SSE has comments: elsewhere the pings of the protocol have to do.
  if (codec.framing !== 'sse') return pieces;
  const heartbeats = interval(heartbeat, scheduler).pipe(
    filter(() => !response.writableNeedDrain),
    map(() => sseComment('keep-alive')),
  );
  return pieces.pipe(connect((all) => merge(all, heartbeats.pipe(takeUntil(all.pipe(last(null, '')))))));
}

/** What a client is told of a failure. The upstream's own words may quote a key or a request. */
function failureOf(error: unknown): ErrorEvent {
  const { status, errorType = '' }: Partial<StreamError> = error instanceof StreamError ? error : {};
  const type =
    status === undefined ? [...TOLD.values()].find((told) => told === errorType) : TOLD.get(status);
  return events.error(type ?? 'api_error', BROKEN_OFF);
}

/** Says by its status that there is no answer. */
function refuse(response: ServerResponse, error: unknown): void {
  const failure = failureOf(error);
  const [status = 502] = [...TOLD].find(([, type]) => type === failure.error.type) ?? [];
  const wait = error instanceof StreamError && error.retryAfterMs;
  if (wait) response.setHeader('retry-after', Math.ceil(wait / 1000));
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(failure));
}

/** Reads no faster than the client does: no chunk is let in while what became of the last one waits. */
function inStepWith(response: ServerResponse): Fetch {
  return async (input, init) => {
    const upstream = await fetch(input, init);
    const gate = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      async transform(chunk, controller) {
        if (response.writableNeedDrain) await once(response, 'drain');
        controller.enqueue(chunk);
      },
    });
    return new Response(upstream.body?.pipeThrough(gate), upstream);
  };
}

/** Causes are told in the upstream's words, which may quote a key or a request. */
function withoutCause(event: StreamEvent): StreamEvent {
  if (event.type === 'block_abort') return events.blockAbort(event.index, BROKEN_OFF);
  return event.type === 'reset' ? events.reset(event.attempt, BROKEN_OFF) : event;
}
