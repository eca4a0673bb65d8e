import {
  asyncScheduler,
  defer,
  filter,
  interval,
  NEVER,
  Subscription,
  type Observable,
  type SchedulerLike,
} from 'rxjs';
import type { Codec } from '../codecs/codec.js';
import { Encoding } from '../codecs/encode.js';
import { requireCodec } from '../codecs/requireCodec.js';
import { streamErrorOf, type StreamError } from '../errors/streamError.js';
import type { ErrorEvent, StreamEvent } from '../events/event.js';
import { withIdOf } from '../events/id.js';
import * as events from '../events/make.js';
import { LONGEST_TIMER } from '../fold/pace/retryWait.js';
import type { Gate } from '../rx/gate.js';
import { transformWith } from '../rx/transform.js';
import type { Frame } from '../wire/frame.js';
import { frameText, sseComment } from '../wire/write.js';
import { Body } from './body.js';
import { PlacedEncoder } from './placedEncoder.js';
import { Published } from './published.js';
import { CLIENT_LEFT, failureEvent, refusal, statusFor } from './refusal.js';
import { Sending } from './sending.js';

/** Options of {@link respond}. */
export interface RespondOptions {
  /** The protocol that the client reads. */
  readonly codec: Codec;
  /** Aborted when the client leaves: the `signal` of the request. Without it a client that leaves before the answer begins is not noticed. */
  readonly signal?: AbortSignal | undefined;
  /**
   * The time between two signs of life, in ms: comments in an event stream, elsewhere the pings of the protocol, if it has
   * any. None are sent to a client that does not read. 0 and `Infinity` send none. Default 15,000.
   */
  readonly heartbeatMs?: number | undefined;
  /**
   * The status of an answer that fails before it begins, from 400 to 599; one that fails later names the type of error that
   * stands for it. Default: the provider's own; 504 for a timeout, 500 for an error of the program and for what a log of runs
   * refuses, 503 where that log may take it later, 502 for any other.
   */
  readonly status?: ((error: StreamError) => number | undefined) | undefined;
  /** Writes a frame. Default: `frameText(codec.framing)`. A binary protocol needs its own: `eventStreamBytes` of `/bedrock`. */
  readonly write?: ((frame: Frame) => string | Uint8Array) | undefined;
  /** Headers of the answer besides its own, such as `AI_SDK_UI_HEADERS` or the id of a run. They do not stand on a failure. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

const CONTENT_TYPE = {
  sse: 'text/event-stream; charset=utf-8',
  ndjson: 'application/x-ndjson; charset=utf-8',
  eventstream: 'application/vnd.amazon.eventstream',
} as const;

/**
 * Answers a request with a stream of events, on any server that takes a `Response`: Hono, Next, Deno, Bun; `node:http`,
 * Express, Fastify and Nest through {@link nodeHandler}.
 *
 * ```ts
 * import { streamTimeout, untilTerminal } from 'rxjs-llm-stream';
 * import { anthropic, streamMessages } from 'rxjs-llm-stream/anthropic';
 * import { respond } from 'rxjs-llm-stream/server';
 *
 * export async function POST(request: Request): Promise<Response> {
 *   const { prompt } = (await request.json()) as { prompt: string };
 *   return respond(
 *     (gate) =>
 *       streamMessages(
 *         { model: 'claude-sonnet-4-5', max_tokens: 1024, messages: [{ role: 'user', content: prompt }] },
 *         { apiKey: process.env['ANTHROPIC_API_KEY'], gate },
 *       ).pipe(streamTimeout({ idle: 20_000, gate }), untilTerminal()),
 *     { codec: anthropic, signal: request.signal },
 *   );
 * }
 * ```
 *
 * It waits for the first event or failure, so that a 401, 429 or 503 of the provider is a status, with its `retry-after`.
 * Then it sends the events as the codec writes them, with headers that keep proxies from holding them back, and with
 * heartbeats that end with the stream.
 *
 * A failure in the middle, an `error` event, and a source that completes before its message is whole: each becomes the
 * protocol's own error event, behind a `block_abort` for each open block. What that says is what `publicError` says, and
 * what others wrote of a block's abort and of a reset's cause is left out. Add `tap({ error })` to the source for a log.
 *
 * When the client leaves, the source is unsubscribed: by the `signal` until the answer begins, then also by a body that is
 * cancelled. While the client does not read, the gate is closed: a source that is given it does not read either, and
 * `streamTimeout` holds its clocks. A source without it is cut off when more than 4 MiB wait for the client.
 *
 * @param source - the events, or a function that makes them of the {@link Gate}; it is subscribed to at once
 * @param options - the codec and, in ms, the time between heartbeats
 * @param scheduler - whose time it is
 * @returns a promise of the response. It is never rejected for what the source does: a failure before the first event is a
 *   response with a status and a JSON body that says as much as `publicError`; 499, which nobody reads, when the client has
 *   left
 * @throws TypeError without a `codec`, for a codec of binary frames without `write`, and for `headers` that HTTP does not
 *   allow; RangeError for a `status` outside 400 to 599
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#authoring-notes
 */
export async function respond(
  source: Observable<StreamEvent> | ((gate: Gate) => Observable<StreamEvent>),
  options: RespondOptions,
  scheduler: SchedulerLike = asyncScheduler,
): Promise<Response> {
  const codec = requireCodec(options);
  const { signal, heartbeatMs = 15_000, status } = options;
  if (codec.framing === 'eventstream' && options.write === undefined) {
    throw new TypeError(
      `The frames of ${codec.name} are no text: give respond() a write, such as eventStreamBytes`,
    );
  }
  const write = options.write ?? frameText(codec.framing);
  const headers = new Headers(options.headers);
  headers.set('content-type', CONTENT_TYPE[codec.framing]);
  headers.set('cache-control', 'no-cache, no-transform');
  headers.set('x-accel-buffering', 'no');

  return new Promise((resolve) => {
    let hasBegun = false;
    const answer = new Subscription();
    const body = new Body(() => answer.unsubscribe());
    const begin = (): void => {
      if (hasBegun) return;
      hasBegun = true;
      resolve(new Response(body.stream, { headers }));
    };
    const leave = (): void => {
      answer.unsubscribe();
      if (hasBegun) body.break(signal?.reason);
      else resolve(new Response(null, { status: CLIENT_LEFT }));
    };
    const statusOf = (failure: StreamError): number => status?.(failure) ?? statusFor(failure);
    const refused = (failure: StreamError): Response => refusal(failure, statusOf(failure));
    const fail = (error: unknown): void => {
      if (hasBegun) body.break(error);
      // Behind a promise, so that a `status` that throws rejects it.
      else resolve(Promise.resolve(streamErrorOf(error)).then(refused));
    };

    const failed = (error: unknown, said: ErrorEvent | undefined): StreamEvent | undefined => {
      if (!hasBegun) return undefined;
      const failure = streamErrorOf(error);
      const event = failureEvent(failure, statusOf(failure));
      // A failure that stands in a run has its place there.
      return said ? withIdOf(said, event) : event;
    };

    if (signal?.aborted) {
      leave();
      return;
    }
    signal?.addEventListener('abort', leave);

    const sending = new Sending(
      new Published({ begin, failed }),
      new Encoding(new PlacedEncoder(codec)),
      // A source that emits as it is subscribed to cannot be unsubscribed yet.
      (frame) => !answer.closed && body.write(write(frame)),
    );
    const beats = heartbeatMs > 0 && heartbeatMs <= LONGEST_TIMER ? interval(heartbeatMs, scheduler) : NEVER;
    // Before the source, which may be over as it is subscribed to.
    const beating = beats.pipe(filter(() => hasBegun && body.isOpen)).subscribe({
      next() {
        // Only an event stream has comments, which need no protocol and no state.
        if (codec.framing === 'sse') body.write(sseComment('keep-alive'));
        else sending.write(events.ping());
      },
      error: fail,
    });
    answer.add(beating);
    const sent = defer(() => (typeof source === 'function' ? source(body.gate) : source))
      .pipe(transformWith(() => sending))
      .subscribe({ error: fail, complete: () => !answer.closed && body.end() });
    sent.add(beating);
    sent.add(() => signal?.removeEventListener('abort', leave));
    answer.add(sent);
  });
}
