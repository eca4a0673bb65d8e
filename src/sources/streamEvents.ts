import { defer, fromEvent, Observable, share } from 'rxjs';
import type { Codec } from '../codecs/codec.js';
import { requireCodec } from '../codecs/requireCodec.js';
import { requireGiven } from '../errors/requireGiven.js';
import { StreamError } from '../errors/streamError.js';
import type { StreamEvent } from '../events/event.js';
import type { Gate } from '../rx/gate.js';
import { addressOf, answer, requestIn, type Asking, type Fetch } from './answer.js';
import { credentialsIn } from './credentials.js';
import type { ReadOptions } from './eventReader.js';
import { responseEvents } from './fromResponse.js';
import { headersOf } from './headers.js';
import { Masker } from './masker.js';
import { resumable } from './resumable.js';
import type { ResumeOptions } from './resumed.js';

/** Options of {@link streamEvents}: those of `fetch`, and how to read the response. */
export interface StreamEventsOptions extends RequestInit, ReadOptions {
  /** The protocol of the response. */
  readonly codec: Omit<Codec, 'encoder'>;
  /** While it is closed the body of the response is not read, so that a client who does not read costs no memory. */
  readonly gate?: Gate | undefined;
  /**
   * Goes on with an answer whose connection was lost, where its events have ids: asks for the rest with a GET that names
   * the last of them as `Last-Event-ID`, so nothing is lost, doubled or posted again. See `docs/runs.md`. Default false.
   */
  readonly resume?: boolean | ResumeOptions | undefined;
  /** Sends the request. Default: the global `fetch`, looked up when the stream is subscribed to. */
  readonly fetch?: Fetch | undefined;
}

const ACCEPT = {
  sse: 'text/event-stream',
  ndjson: 'application/x-ndjson',
  eventstream: 'application/vnd.amazon.eventstream',
} as const;

/**
 * Sends a request and reads the response as events. Each subscription sends a request of its own; unsubscribing aborts
 * it, before the headers or in the middle of the body. After a terminal event the rest of the body runs out first, for at most
 * 250 ms and 64 KiB (`drain`): the answer is whole for the server too, and its connection is used again.
 *
 * ```ts
 * import { accumulateMessage, dropPings, streamEvents, untilTerminal } from 'rxjs-llm-stream';
 * import { anthropic } from 'rxjs-llm-stream/anthropic';
 *
 * streamEvents('/api/chat', { codec: anthropic, method: 'POST', body: JSON.stringify({ prompt: 'Hello' }) })
 *   .pipe(dropPings(), untilTerminal(), accumulateMessage())
 *   .subscribe((message) => render(message));
 * ```
 *
 * With `resume`, an answer whose events have ids outlives its connection: when that breaks, or ends before the answer does,
 * the rest is asked for by a GET with the last id as `Last-Event-ID`. The request itself is never sent again, and nothing
 * comes twice. What the server leaves out behind that id is an error, as far as ids and protocol show it: in our own
 * spelling every event is a frame, and its ids count. It acts before any operator sees a failure: one that retries gets
 * what `resume` gave up on, and would send the request anew.
 *
 * A redirect is an error unless the option `redirect` says otherwise, because following it would hand the headers, and
 * the keys in them, to another server. The `redirect` of a `Request` does not count: it is `follow` even if nobody chose
 * it. The caller's own `signal` ends the stream with an error `aborted`.
 *
 * @param input - the address, as `fetch` takes it; a `Request` is cloned for each subscription
 * @param options - the codec, its policies, `limits` in characters (UTF-16 units), bytes and numbers, `fetch`, and what
 *   `fetch` takes
 * @returns a cold Observable of events
 * @throws StreamError `gap` where the server goes on behind something that has not come; `http` with 404 or 410, not retryable,
 *   where an answer is gone; `network` when no response comes, `source` for what else `fetch` throws, `aborted`, and what
 *   {@link fromResponse} throws; each of them masks the credentials of the request, in its headers and its address.
 *   TypeError, when it is called, without an address or a `codec`, and for a `body` that is an object instead of its text
 */
export function streamEvents(
  input: string | URL | Request,
  options: StreamEventsOptions,
): Observable<StreamEvent> {
  requireGiven('streamEvents', 'an address or a Request', input);
  if ((input as object).constructor === Object)
    throw new TypeError('The address comes first: streamEvents(url, { codec })');
  requireCodec(options);
  // `fetch` would send `[object Object]`.
  if (options.body?.constructor === Object)
    throw new TypeError('The body is an object: give JSON.stringify(body)');
  return defer(() => {
    // A `fetch` of the caller's is given what `fetch` takes, and nothing else.
    const {
      codec,
      unknown,
      malformed,
      limits,
      drain,
      gate,
      onSkip,
      comments,
      resume,
      fetch: send = globalThis.fetch,
      ...init
    } = options;
    const given = requestIn(input);
    const headers = headersOf(init.headers ?? given?.headers);
    if (!headers.has('accept')) headers.set('accept', ACCEPT[codec.framing]);
    // With 'error' a redirect would look like a lost connection, which is worth another try.
    const redirect = init.redirect ?? 'manual';
    const masker = new Masker().know(credentialsIn(headers, addressOf(input)));
    const request: Asking = { input, init: { ...init, headers, redirect }, send, masker };
    const events = resume
      ? resumable(request, options, resume)
      : answer(request, (response, abort) => responseEvents(response, options, masker, abort));
    const signal = init.signal ?? given?.signal;
    return signal ? untilAborted(events, signal) : events;
  });
}

/** Ends with an error once the caller aborts. */
function untilAborted(events: Observable<StreamEvent>, signal: AbortSignal): Observable<StreamEvent> {
  return new Observable((subscriber) => {
    const stop = (): void =>
      subscriber.error(
        new StreamError('aborted', 'The caller aborted the request', { cause: signal.reason }),
      );
    if (signal.aborted) return stop();
    subscriber.add(abortOf(signal).subscribe({ next: stop, error: stop }));
    events.subscribe(subscriber);
  });
}

const ABORTS = new WeakMap<AbortSignal, Observable<unknown>>();

/** All streams with one signal share a listener, because Node warns of a leak from the eleventh listener on. */
function abortOf(signal: AbortSignal): Observable<unknown> {
  const abort = ABORTS.get(signal) ?? fromEvent(signal, 'abort').pipe(share());
  ABORTS.set(signal, abort);
  return abort;
}
