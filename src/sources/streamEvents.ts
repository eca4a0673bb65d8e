import { catchError, Observable, throwError } from 'rxjs';
import type { Codec } from '../codecs/codec.js';
import { StreamError } from '../errors.js';
import type { StreamEvent } from '../event.js';
import type { ReadOptions } from './eventReader.js';
import { fromResponse } from './fromResponse.js';
import { secretsOf, withoutSecrets } from './secrets.js';

/** `fetch`, or what stands in for it: an interceptor, a mock. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** Options of {@link streamEvents}: those of `fetch`, and how to read what it answers. */
export interface StreamEventsOptions extends RequestInit, ReadOptions {
  /** The protocol of the answer. */
  readonly codec: Codec;
  /** Sends the request. Default: the global `fetch`, looked up when the stream is subscribed to. */
  readonly fetch?: Fetch | undefined;
}

const ACCEPT = { sse: 'text/event-stream', ndjson: 'application/x-ndjson' } as const;

/**
 * Sends a request and reads its answer as events. Each subscription sends one of its own; unsubscribing aborts it,
 * before the headers or in the middle of the body.
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
 * Redirects are errors unless `redirect` says otherwise: following one would hand headers, and keys in them, to
 * another server. The caller's own `signal` ends the stream with an error `aborted`.
 *
 * @param input - where to, as `fetch` takes it; a `Request` is cloned for each subscription
 * @param options - the codec, its policies, `maxFrameLength` in UTF-16 units, `fetch`, and what `fetch` takes
 * @returns a cold Observable of events
 * @throws StreamError `network` when no answer comes, `aborted`, and what {@link fromResponse} throws; what the
 *   request's headers hold is masked in each of them
 */
export function streamEvents(
  input: string | URL | Request,
  options: StreamEventsOptions,
): Observable<StreamEvent> {
  const { codec, unknown, malformed, maxFrameLength, fetch: send = globalThis.fetch, ...init } = options;
  const request = typeof input === 'object' && 'headers' in input ? input : undefined;
  const headers = new Headers(init.headers ?? request?.headers);
  if (!headers.has('accept')) headers.set('accept', ACCEPT[codec.framing]);
  const redirect = init.redirect ?? request?.redirect ?? 'error';
  const secrets = secretsOf(headers, request?.url ?? String(input));

  const events = new Observable<StreamEvent>((subscriber) => {
    const controller = new AbortController();
    const signal = init.signal ?? request?.signal;
    const abort = (): void =>
      subscriber.error(
        new StreamError('aborted', 'The caller aborted the request', { cause: signal?.reason }),
      );
    if (signal?.aborted) return abort();
    signal?.addEventListener('abort', abort);
    subscriber.add(() => {
      signal?.removeEventListener('abort', abort);
      controller.abort();
    });
    const ask = async (): Promise<Response> =>
      send(request?.clone() ?? input, { ...init, headers, redirect, signal: controller.signal });
    ask().then(
      (response) =>
        fromResponse(response, { codec, unknown, malformed, maxFrameLength }).subscribe(subscriber),
      (cause: unknown) =>
        subscriber.error(new StreamError('network', 'The request got no answer', { cause })),
    );
  });
  return events.pipe(catchError((error: unknown) => throwError(() => withoutSecrets(error, secrets))));
}
