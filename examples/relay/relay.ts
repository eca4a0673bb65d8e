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
  timeout,
  type Observable,
  type SchedulerLike,
} from 'rxjs';
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
  type Fetch,
  type StreamEvent,
} from '../../src/index.js';
import { PROTOCOLS } from './protocols.js';

const SSE = 'text/event-stream; charset=utf-8';
// As text, the frames of Bedrock are those of SSE.
const CONTENT_TYPE = { sse: SSE, ndjson: 'application/x-ndjson', eventstream: SSE };
const STREAM_HEADERS = {
  'cache-control': 'no-cache, no-transform',
  // Asks nginx, and what behaves like it, to pass each event on as it comes.
  'x-accel-buffering': 'no',
  'x-content-type-options': 'nosniff',
};
const MAX_BODY_BYTES = 4 * 1024 * 1024;
const BROKEN_OFF = 'The answer broke off';

/** Failures that a client can do something about. Any other is the server's own business. */
const TOLD = new Set(['invalid_request_error', 'request_too_large', 'rate_limit_error', 'overloaded_error']);

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

type Settings = RelayOptions & Required<Pick<RelayOptions, 'heartbeat' | 'patience' | 'scheduler'>>;

/** Answers `/chat?to=<protocol>` with what the upstream answers to the same body, while it comes. */
export function relay(options: RelayOptions): RequestListener {
  const settings: Settings = { heartbeat: 15_000, patience: 30_000, scheduler: asyncScheduler, ...options };
  return (request, response) => {
    const [path, query] = (request.url ?? '').split('?', 2);
    const codec = PROTOCOLS.get(new URLSearchParams(query).get('to') ?? 'anthropic');
    if (path !== '/chat' || codec === undefined) {
      return void response.writeHead(404).end(`/chat?to=${[...PROTOCOLS.keys()].join('|')}\n`);
    }
    const { 'content-length': length = 0, 'transfer-encoding': encoding } = request.headers;
    if (encoding || Number(length) > MAX_BODY_BYTES) return void response.writeHead(413).end();

    const { patience, scheduler } = settings;
    const drained = fromEvent(response, 'drain').pipe(timeout({ first: patience, scheduler }), take(1));
    const sent = from(buffer(request)).pipe(
      concatMap((body) => {
        response.writeHead(200, { ...STREAM_HEADERS, 'content-type': CONTENT_TYPE[codec.framing] });
        response.flushHeaders();
        return answer(body, codec, response, settings);
      }),
      concatMap((text) => (response.write(text) ? EMPTY : drained)),
    );
    const sending = sent.subscribe({ complete: () => response.end(), error: () => response.destroy() });
    // When the client leaves, the request to the upstream is aborted.
    response.once('close', () => sending.unsubscribe());
  };
}

/** The upstream's answer as text for the client. A failure becomes the last event of it. */
function answer(
  body: Uint8Array<ArrayBuffer>,
  codec: Codec,
  response: ServerResponse,
  { upstream, headers, heartbeat, scheduler, report, codec: upstreamCodec }: Settings,
): Observable<string> {
  const texts = streamEvents(upstream, {
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
      const type = error instanceof StreamError ? (error.errorType ?? '') : '';
      return of(events.error(TOLD.has(type) ? type : 'api_error', BROKEN_OFF));
    }),
    encode(codec),
    map(frameText(codec.framing)),
  );
  // NDJSON has no comments: there the pings of the protocol have to do.
  if (codec.framing === 'ndjson') return texts;
  const heartbeats = interval(heartbeat, scheduler).pipe(
    filter(() => !response.writableNeedDrain),
    map(() => sseComment('keep-alive')),
  );
  return texts.pipe(connect((all) => merge(all, heartbeats.pipe(takeUntil(all.pipe(last(null, '')))))));
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
