import { concat, from, of, throwError, type Observable } from 'rxjs';
import type { HttpEventLike } from '../../../src/sources/angular/httpEvent.js';

/** How a server answers, as far as `HttpClient` can tell. */
export interface Answer {
  /** Its body, as the network cut it. */
  readonly pieces: readonly Uint8Array[];
  readonly status?: number;
  readonly statusText?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether the connection breaks after these pieces. */
  readonly breaks?: boolean;
}

/** A back end of `HttpClient`: what it emits for a request with `observe: 'events'` and `responseType: 'text'`. */
export type Backend = (answer: Answer, reportProgress: boolean) => Observable<HttpEventLike>;

const URL = 'https://example.com/api/chat?key=query-secret';

/** As `HttpClient` fails. */
export class HttpErrorResponse {
  readonly name = 'HttpErrorResponse';
  readonly ok = false;
  readonly message: string;
  readonly headers: Headers;
  readonly status: number;
  readonly statusText: string;
  readonly url: string;

  constructor(
    readonly error: unknown,
    { status = 0, statusText = 'Unknown Error', headers = {}, url = URL } = {},
  ) {
    this.status = status;
    this.statusText = statusText;
    this.headers = new Headers(headers);
    this.url = url;
    this.message = `Http failure response for ${url}: ${status} ${statusText}`;
  }
}

/**
 * By `XMLHttpRequest`: the head comes with the first progress, and all of the text with each. Where a connection breaks,
 * the request forgets its status.
 */
export const xhr: Backend = ({ pieces, status = 200, statusText, headers, breaks }, reportProgress) => {
  const head = { status, statusText: statusText ?? 'OK', headers: new Headers(headers), url: URL };
  const told = progress(pieces);
  const body = told.at(-1) ?? '';
  const steps = told.flatMap((partialText, nth): HttpEventLike[] => [
    ...(nth === 0 ? [{ type: 2, ...head }] : []),
    { type: 3, loaded: 1, ...(partialText !== '' && { partialText }) } as HttpEventLike,
  ]);
  const isWell = status >= 200 && status < 300;
  const response = { type: 4, ...head, body: status === 204 ? null : body };
  const end = breaks
    ? new HttpErrorResponse({ isTrusted: true, type: 'error' })
    : new HttpErrorResponse(body, { ...head, headers: { ...headers } });
  return concat(
    of({ type: 0 }),
    from(reportProgress ? steps : []),
    breaks || !isWell ? throwError(() => end) : of(response),
  );
};

/** By `fetch`: the head comes first, and text without what is not there of its last character. */
export const fetching: Backend = ({ pieces, status = 200, statusText, headers, breaks }, reportProgress) => {
  const head = { status, statusText: statusText ?? 'OK', headers: new Headers(headers), url: URL };
  const decoder = new TextDecoder();
  let partialText = '';
  const steps: HttpEventLike[] = [{ type: 2, ...head }];
  for (const piece of pieces) {
    partialText += decoder.decode(piece, { stream: true });
    steps.push({ type: 3, loaded: 1, total: undefined, partialText } as HttpEventLike);
  }
  const body = pieces.length === 0 ? null : Buffer.concat(pieces).toString('utf8');
  const isWell = status >= 200 && status < 300;
  const end = breaks
    ? new HttpErrorResponse(new TypeError('terminated'))
    : new HttpErrorResponse(body, { ...head, headers: { ...headers } });
  return concat(
    of({ type: 0 }),
    from(reportProgress ? steps : []),
    breaks || !isWell ? throwError(() => end) : of({ type: 4, ...head, body }),
  );
};

/** The text after each piece; of a character that is not all there, what a decoder puts in its place. */
function progress(pieces: readonly Uint8Array[]): readonly string[] {
  return pieces.map((_, nth) => new TextDecoder().decode(Buffer.concat(pieces.slice(0, nth + 1))));
}
