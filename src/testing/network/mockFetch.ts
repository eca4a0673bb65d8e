import {
  asyncScheduler,
  firstValueFrom,
  fromEvent,
  ignoreElements,
  merge,
  NEVER,
  of,
  startWith,
  switchMap,
  tap,
  timer,
  type Observable,
  type SchedulerLike,
} from 'rxjs';
import type { Codec } from '../../codecs/codec.js';
import { answering, type Answers, type MockRequest } from './answers.js';

/** A stand-in for `fetch` that remembers what it was asked. */
export interface MockFetch {
  (input: string | URL | Request, init?: RequestInit): Promise<Response>;
  /** All requests so far, in the order in which they were made. */
  readonly requests: readonly MockRequest[];
}

/** Options of {@link mockFetch}. */
export interface MockFetchOptions {
  /** The protocol of the answers that are a script, events or a recording. */
  readonly codec?: Codec | undefined;
  /** How many ms pass before the head of a response. Default 0. */
  readonly delay?: number | undefined;
  /** Whose time is used for that. Default: `asyncScheduler`. */
  readonly scheduler?: SchedulerLike | undefined;
}

/**
 * Makes a `fetch` that answers from a queue or by a function, and keeps the requests that it saw.
 *
 * ```ts
 * import { events, retryBeforeOutput, toText } from 'rxjs-llm-stream';
 * import { anthropic, streamMessages } from 'rxjs-llm-stream/anthropic';
 * import { mockFetch, mockResponse } from 'rxjs-llm-stream/testing';
 *
 * const fetch = mockFetch(
 *   [mockResponse('{}', { status: 529 }), [events.messageStart(), events.messageStop()]],
 *   { codec: anthropic },
 * );
 * streamMessages(params, { fetch }).pipe(retryBeforeOutput(), toText()).subscribe(() => {
 *   console.log(fetch.requests.map(({ method, url }) => `${method} ${url}`));
 * });
 * ```
 *
 * A request without an answer is an error, not a silence; so is a response that has answered another request. An `AbortSignal` is honoured as by `fetch`: before the head
 * the promise is rejected with the signal's reason, after it the body fails with it and what plays it stops. A request
 * counts as made when `fetch` is called, unless its body has to be read first, as that of a `Request` has.
 *
 * @param answers - a queue of responses, of what is played as one and of errors that requests fail with; or a function
 * @param options - the `codec` of what is played, and the `delay` of each head, in ms
 * @returns a function to be given as `fetch`, with the `requests`
 * @throws TypeError where there are events to play and no `codec`
 */
export function mockFetch(answers: Answers, options: MockFetchOptions = {}): MockFetch {
  const { delay = 0, scheduler = asyncScheduler } = options;
  const answer = answering(answers, options.codec);
  const requests: MockRequest[] = [];

  const fetch = async (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const isRequest = typeof input === 'object' && 'headers' in input;
    const signal = init.signal ?? (isRequest ? input.signal : undefined);
    signal?.throwIfAborted();
    // The platform's own checks: methods, headers, a body where none may be. It takes no relative URL outside a page.
    const made = new Request(isRequest ? input : new URL(input, 'http://localhost'), {
      ...init,
      signal: null,
    });
    const url = isRequest ? input.url : String(input);
    const body = typeof init.body === 'string' ? init.body : made.body === null ? '' : await made.text();
    const request: MockRequest = { method: made.method, url, headers: made.headers, body, signal };
    requests.push(request);

    const head = delay > 0 ? timer(delay, scheduler) : of(0);
    const answered = head.pipe(switchMap(() => answer(request)));
    const response = await firstValueFrom(merge(aborted(signal), answered));
    if (!('headers' in response)) throw response;
    return signal === undefined ? response : abortable(response, signal);
  };
  return Object.assign(fetch, { requests });
}

/** Fails when the signal says so. */
function aborted(signal: AbortSignal | undefined): Observable<never> {
  if (signal === undefined) return NEVER;
  return fromEvent(signal, 'abort').pipe(
    startWith(undefined),
    tap(() => signal.throwIfAborted()),
    ignoreElements(),
  );
}

function abortable(response: Response, signal: AbortSignal): Response {
  return response.body === null
    ? response
    : new Response(response.body.pipeThrough(new TransformStream(), { signal }), response);
}
