import { defer, fromEvent, Observable, share, Subscription } from 'rxjs';
import type { Codec } from '../codecs/codec.js';
import { requireCodec } from '../codecs/requireCodec.js';
import { StreamError } from '../errors/streamError.js';
import type { StreamEvent } from '../events/event.js';
import type { Gate } from '../rx/gate.js';
import { credentialsIn } from './credentials.js';
import type { ReadOptions } from './eventReader.js';
import { sourceFailure } from './failure.js';
import { responseEvents } from './fromResponse.js';
import { headersOf } from './headers.js';
import { Masker } from './masker.js';

/** `fetch`, or a substitute such as an interceptor or a mock. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** Options of {@link streamEvents}: those of `fetch`, and how to read the response. */
export interface StreamEventsOptions extends RequestInit, ReadOptions {
  /** The protocol of the response. */
  readonly codec: Omit<Codec, 'encoder'>;
  /** While it is closed the body of the response is not read, so that a client who does not read costs no memory. */
  readonly gate?: Gate | undefined;
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
 * A redirect is an error unless the option `redirect` says otherwise, because following it would hand the headers, and
 * the keys in them, to another server. The `redirect` of a `Request` does not count: it is `follow` even if nobody chose
 * it. The caller's own `signal` ends the stream with an error `aborted`.
 *
 * @param input - the address, as `fetch` takes it; a `Request` is cloned for each subscription
 * @param options - the codec, its policies, `limits` in characters (UTF-16 units), bytes and numbers, `fetch`, and what
 *   `fetch` takes
 * @returns a cold Observable of events
 * @throws StreamError `network` when no response comes, `source` for what else `fetch` throws, `aborted`, and what
 *   {@link fromResponse} throws; each of them masks the credentials of the request, in its headers and its address
 */
export function streamEvents(
  input: string | URL | Request,
  options: StreamEventsOptions,
): Observable<StreamEvent> {
  requireCodec(options);
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
      fetch: send = globalThis.fetch,
      ...init
    } = options;
    const request = typeof input === 'object' && 'headers' in input ? input : undefined;
    const headers = headersOf(init.headers ?? request?.headers);
    if (!headers.has('accept')) headers.set('accept', ACCEPT[codec.framing]);
    // With 'error' a redirect would look like a lost connection, which is worth another try.
    const redirect = init.redirect ?? 'manual';
    const masker = new Masker().know(credentialsIn(headers, addressOf(input)));

    return answer(
      (signal) => send(request?.clone() ?? input, { ...init, headers, redirect, signal }),
      (response, abort) => responseEvents(response, options, masker, abort),
      init.signal ?? request?.signal,
      masker,
    );
  });
}

/**
 * Sends the request and reads the response.
 *
 * @param ask - sends the request, with the signal of the subscription
 * @param read - reads the response; what it is given ends the request
 * @param signal - the caller's own signal
 * @param masker - hides the credentials of the request
 */
function answer(
  ask: (signal: AbortSignal) => Promise<Response>,
  read: (response: Response, abort: () => void) => Observable<StreamEvent>,
  signal: AbortSignal | undefined,
  masker: Masker,
): Observable<StreamEvent> {
  return new Observable((subscriber) => {
    const controller = new AbortController();
    const abort = (): void => controller.abort();
    const stop = (): void =>
      subscriber.error(
        new StreamError('aborted', 'The caller aborted the request', { cause: signal?.reason }),
      );
    if (signal?.aborted) return stop();
    if (signal) subscriber.add(abortOf(signal).subscribe({ next: stop, error: stop }));
    // Until there is a response; from then on its reader knows when to end the request.
    const unanswered = new Subscription(abort);
    subscriber.add(unanswered);
    // Async, so that an `ask` that throws synchronously becomes a rejection too.
    const asked = (async () => ask(controller.signal))();
    asked.then(
      (response) => {
        subscriber.remove(unanswered);
        read(response, abort).subscribe(subscriber);
      },
      (error: unknown) => subscriber.error(masker.error(sourceFailure(error, 'The request got no answer'))),
    );
  });
}

const ABORTS = new WeakMap<AbortSignal, Observable<unknown>>();

/** All streams with one signal share a listener, because Node warns of a leak from the eleventh listener on. */
function abortOf(signal: AbortSignal): Observable<unknown> {
  const abort = ABORTS.get(signal) ?? fromEvent(signal, 'abort').pipe(share());
  ABORTS.set(signal, abort);
  return abort;
}

function addressOf(input: string | URL | Request): string {
  if (typeof input === 'string') return input;
  return 'url' in input ? input.url : input.href;
}
