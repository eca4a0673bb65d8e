import { asyncScheduler, Subscription, type SchedulerLike } from 'rxjs';
import type { Codec } from '../../codecs/codec.js';
import { requireCodec } from '../../codecs/requireCodec.js';
import { cut, type Chunking } from '../script/cut.js';
import { isBytes, piecesOf, type TimedBytes, type Playable } from './playable.js';

/** Where a body fails, counted in bytes or in events as they are written, and how. */
export type Failure = ({ readonly afterBytes: number } | { readonly afterEvents: number }) & {
  /**
   * `break`: the connection breaks, and reading fails. `end`: the body ends as if it were whole. `silence`: nothing
   * comes any more, nor an end. Default `break`.
   */
  readonly kind?: 'break' | 'end' | 'silence' | undefined;
  /** What reading fails with. Default: a `TypeError`, as `fetch` has it. */
  readonly error?: unknown;
};

/** Options of {@link mockResponse}. */
export interface MockResponseOptions {
  /** The protocol of the body. A body given as bytes or text can do without, unless events are counted in it. */
  readonly codec?: Codec | undefined;
  /** How the body is cut into chunks. Default: `event`; for a body given as bytes or text, `whole`. */
  readonly chunking?: Chunking | undefined;
  /**
   * How many ms pass before a chunk: before each of them, one by one (0 behind the last one given), or as a function of
   * the chunk's number, from 0, says. Default: the times of a recording or a script.
   */
  readonly delays?: number | readonly number[] | ((nth: number) => number) | undefined;
  /** How many times faster the recording or script is played; `delays` stay as they are. Default 1. */
  readonly speed?: number | undefined;
  readonly failure?: Failure | undefined;
  /** Default 200. */
  readonly status?: number | undefined;
  readonly statusText?: string | undefined;
  /** Beside a `content-type`, or instead of it: that of the codec's framing, for an error status that of JSON. */
  readonly headers?: HeadersInit | undefined;
  /** Whose time is used for delays. Default: `asyncScheduler`, whose time may be that of faked timers. */
  readonly scheduler?: SchedulerLike | undefined;
}

const CONTENT_TYPE = {
  sse: 'text/event-stream',
  ndjson: 'application/x-ndjson',
  // As text, its frames are those of SSE.
  eventstream: 'text/event-stream',
} as const;

/** Those of HTTP that have no body. */
const BODILESS: ReadonlySet<number> = new Set([204, 205, 304]);

/**
 * Makes the response of a server that plays a script, a recording or bytes: chunk by chunk as they are asked for, each
 * at its time, and failing where `failure` says.
 *
 * ```ts
 * import { events, fromResponse, toText } from 'rxjs-llm-stream';
 * import { anthropic } from 'rxjs-llm-stream/anthropic';
 * import { mockResponse } from 'rxjs-llm-stream/testing';
 *
 * const response = mockResponse([events.messageStart(), events.textStart(0), events.textDelta(0, 'Hel')], {
 *   codec: anthropic,
 *   chunking: { bytes: 7 },
 *   failure: { afterEvents: 3 },
 * });
 * fromResponse(response, { codec: anthropic }).pipe(toText()).subscribe({ error: ({ code, partial }) => console.log(code, partial) });
 * // network Hel
 * ```
 *
 * Times are counted from the first read. A recording or script that failed fails again, as a connection that breaks; a
 * recording whose subscriber left ends there; a script that stays open does. It answers one request: for many, give a
 * function that makes one for each.
 *
 * @param playable - a script, events, a recording, or a body as it stands on the wire
 * @param options - codec, chunks, delays in ms, failure, and the head of the response
 * @returns a `Response` whose body is a `ReadableStream`, to be read once
 * @throws TypeError where `codec` is missing and there are events to spell or to count
 * @see mockFetch
 */
export function mockResponse(playable: Playable, options: MockResponseOptions = {}): Response {
  const { codec, status = 200, statusText = '', scheduler = asyncScheduler } = options;
  const headers = new Headers(options.headers);
  if (!headers.has('content-type')) {
    if (status < 200 || status > 299) headers.set('content-type', 'application/json');
    else if (codec !== undefined) headers.set('content-type', CONTENT_TYPE[codec.framing]);
  }
  const init = { status, statusText, headers };
  if (BODILESS.has(status)) return new Response(null, init);
  return new Response(bodyOf(playable, options, scheduler), init);
}

function bodyOf(playable: Playable, options: MockResponseOptions, scheduler: SchedulerLike): BodyInit {
  const { chunking = isBytes(playable) ? 'whole' : 'event', delays, speed = 1, failure } = options;
  const countsEvents = chunking === 'event' || chunking === 'split' || (failure && 'afterEvents' in failure);
  const codec = countsEvents ? requireCodec(options) : options.codec;
  const pieces = piecesOf(playable, codec);
  const length = failure === undefined ? Infinity : lengthBefore(failure, pieces);
  const values = cut(pieces.values, chunking, length);
  const body = broken(timedBy({ ...pieces, values }, delays, speed), failure);
  return timedBody(body, scheduler) as ReadableStream<Uint8Array<ArrayBuffer>>;
}

function lengthBefore(failure: Failure, { values }: TimedBytes): number {
  if ('afterBytes' in failure) return failure.afterBytes;
  return values.slice(0, failure.afterEvents).reduce((sum, { value }) => sum + value.length, 0);
}

function timedBy(
  { values, end }: TimedBytes,
  delays: MockResponseOptions['delays'],
  speed: number,
): TimedBytes {
  const faster = <T extends { readonly at: number }>(timed: T): T => ({ ...timed, at: timed.at / speed });
  if (delays === undefined) return { values: values.map(faster), ...(end && { end: faster(end) }) };
  const delay = (nth: number): number => {
    if (typeof delays === 'function') return delays(nth);
    return typeof delays === 'number' ? delays : (delays[nth] ?? 0);
  };
  let at = 0;
  const delayed = values.map(({ value }, nth) => ({ at: (at += delay(nth)), value }));
  return { values: delayed, ...(end && { end: { ...end, at } }) };
}

/** The chunks before the failure, and right behind them, what happens. */
function broken(body: TimedBytes, failure: Failure | undefined): TimedBytes {
  if (failure === undefined) return body;
  const { kind = 'break', error = new TypeError('terminated') } = failure;
  const { values } = body;
  const at = values.at(-1)?.at ?? 0;
  if (kind === 'silence') return { values };
  return { values, end: kind === 'end' ? { at } : { at, error } };
}

/**
 * A stream of chunks, each at its time, counted in ms from the first read. A chunk is given when it is asked for, so a
 * reader that stops is sent no more.
 */
function timedBody({ values, end }: TimedBytes, scheduler: SchedulerLike): ReadableStream<Uint8Array> {
  const waiting = new Subscription();
  let start: number | undefined;
  let next = 0;

  function give(controller: ReadableStreamDefaultController<Uint8Array>): void {
    const chunk = values[next++];
    if (chunk) controller.enqueue(chunk.value);
    else if (end && 'error' in end) controller.error(end.error);
    else controller.close();
  }

  return new ReadableStream(
    {
      pull(controller) {
        start ??= scheduler.now();
        const due = (values[next] ?? end)?.at;
        if (due === undefined) return new Promise(() => undefined);
        const wait = due - (scheduler.now() - start);
        if (wait <= 0) {
          give(controller);
          return;
        }
        return new Promise((resolve) => {
          waiting.add(
            scheduler.schedule(() => {
              give(controller);
              resolve();
            }, wait),
          );
        });
      },
      cancel: () => waiting.unsubscribe(),
    },
    { highWaterMark: 0 },
  );
}
