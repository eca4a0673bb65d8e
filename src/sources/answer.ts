import { Observable, Subscription } from 'rxjs';
import type { StreamEvent } from '../events/event.js';
import { sourceFailure } from './failure.js';
import type { Masker } from './masker.js';

/** `fetch`, or a substitute such as an interceptor or a mock. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** A request that is to be sent. */
export interface Asking {
  /** Its address, or a request, which is cloned. */
  readonly input: string | URL | Request;
  readonly init: RequestInit & { readonly headers: Headers };
  readonly send: Fetch;
  /** Hides the credentials of the request. */
  readonly masker: Masker;
}

/**
 * Sends a request and reads the response.
 *
 * @param asking - the request
 * @param read - reads the response; what it is given ends the request
 * @returns the events of the response; to unsubscribe ends the request
 */
export function answer(
  { input, init, send, masker }: Asking,
  read: (response: Response, abort: () => void) => Observable<StreamEvent>,
): Observable<StreamEvent> {
  return new Observable((subscriber) => {
    const controller = new AbortController();
    const abort = (): void => controller.abort();
    // Until there is a response; from then on its reader knows when to end the request.
    const unanswered = new Subscription(abort);
    subscriber.add(unanswered);
    // Async, so that a `send` that throws synchronously becomes a rejection too.
    const asked = (async () =>
      send(requestIn(input)?.clone() ?? input, { ...init, signal: controller.signal }))();
    asked.then(
      (response) => {
        subscriber.remove(unanswered);
        read(response, abort).subscribe(subscriber);
      },
      (error: unknown) => subscriber.error(masker.error(sourceFailure(error, 'The request got no answer'))),
    );
  });
}

/** What `fetch` is asked for, where it is a request. */
export function requestIn(input: string | URL | Request): Request | undefined {
  return (input as Request).headers ? (input as Request) : undefined;
}

/** The address of what `fetch` is asked for. */
export function addressOf(input: string | URL | Request): string {
  const address = requestIn(input)?.url ?? (input as string | URL);
  return address.toString();
}
